// Constants and movement of elements. Rows with unknown dims run on known ones
// through tensor.cast.

func.func @constant() -> tensor<2x4xf64> attributes {bytes_written = 0, splits = 2} {
  %r = graph.constant dense<[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]> : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @constant_splat() -> tensor<2x4xsi16> attributes {bytes_written = 0, splits = 2} {
  %r = graph.constant dense<-3> : tensor<2x4xsi16>
  return %r : tensor<2x4xsi16>
}

func.func @iota() -> tensor<2x4xf64> attributes {splits = 2} {
  %r = graph.iota dim = 1 : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @iota_ui8() -> tensor<4x2xui8> attributes {splits = 2} {
  %r = graph.iota dim = 0 : tensor<4x2xui8>
  return %r : tensor<4x2xui8>
}

func.func @broadcast_new(%a: tensor<4xf64>) -> tensor<2x4x6xf64> attributes {splits = 3} {
  %r = graph.broadcast %a dims = [1] : tensor<4xf64> to tensor<2x4x6xf64>
  return %r : tensor<2x4x6xf64>
}

func.func @broadcast_repeated(%a: tensor<1x4x1xf64>) -> tensor<2x4x6xf64> attributes {splits = 3} {
  %r = graph.broadcast %a dims = [0, 1, 2] : tensor<1x4x1xf64> to tensor<2x4x6xf64>
  return %r : tensor<2x4x6xf64>
}

func.func @broadcast_unit(%a: tensor<1x4xf64>) -> tensor<2x1x4xf64> attributes {splits = 2} {
  %r = graph.broadcast %a dims = [1, 2] : tensor<1x4xf64> to tensor<2x1x4xf64>
  return %r : tensor<2x1x4xf64>
}

func.func @broadcast_scalar(%a: tensor<f64>) -> tensor<2x4xf64> attributes {splits = 2} {
  %r = graph.broadcast %a dims = [] : tensor<f64> to tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @broadcast_dynamic(%a: tensor<1x3xf64>) -> tensor<2x4x3xf64> {
  %c4 = arith.constant 4 : index
  %c3 = arith.constant 3 : index
  %d = tensor.cast %a : tensor<1x3xf64> to tensor<1x?xf64>
  %r = graph.broadcast %d dims = [1, 2] sizes(%c4, %c3) : tensor<1x?xf64> to tensor<2x?x?xf64>
  %s = tensor.cast %r : tensor<2x?x?xf64> to tensor<2x4x3xf64>
  return %s : tensor<2x4x3xf64>
}

func.func @reshape_merge(%a: tensor<2x4x3xf64>) -> tensor<8x3xf64>
    attributes {bytes_read = 0, bytes_written = 0, splits = 2} {
  %r = graph.reshape %a : tensor<2x4x3xf64> to tensor<8x3xf64>
  return %r : tensor<8x3xf64>
}

func.func @reshape_split(%a: tensor<8x3xf64>) -> tensor<2x4x3xf64>
    attributes {bytes_read = 0, bytes_written = 0, splits = 2} {
  %r = graph.reshape %a : tensor<8x3xf64> to tensor<2x4x3xf64>
  return %r : tensor<2x4x3xf64>
}

// 6 x 8 -> 4 x 12: the major digit of 2 is common, what follows isn't.
func.func @reshape_regroup(%a: tensor<6x8xf64>) -> tensor<4x12xf64>
    attributes {bytes_read = 0, bytes_written = 0, splits = 1} {
  %r = graph.reshape %a : tensor<6x8xf64> to tensor<4x12xf64>
  return %r : tensor<4x12xf64>
}

// 4 x 6 -> 2 x 12: digits 2, 2 and 6.
func.func @reshape_digits(%a: tensor<4x6xi32>) -> tensor<2x12xi32>
    attributes {bytes_read = 0, bytes_written = 0, splits = 3} {
  %r = graph.reshape %a : tensor<4x6xi32> to tensor<2x12xi32>
  return %r : tensor<2x12xi32>
}

func.func @reshape_units(%a: tensor<1x4x1x6xf64>) -> tensor<4x6x1xf64>
    attributes {bytes_read = 0, bytes_written = 0, splits = 2} {
  %r = graph.reshape %a : tensor<1x4x1x6xf64> to tensor<4x6x1xf64>
  return %r : tensor<4x6x1xf64>
}

func.func @reshape_to_scalar(%a: tensor<1x1xf64>) -> tensor<f64>
    attributes {bytes_read = 0, bytes_written = 0, splits = 0} {
  %r = graph.reshape %a : tensor<1x1xf64> to tensor<f64>
  return %r : tensor<f64>
}

func.func @reshape_of_scalar(%a: tensor<f64>) -> tensor<1x1xf64>
    attributes {bytes_read = 0, bytes_written = 0, splits = 0} {
  %r = graph.reshape %a : tensor<f64> to tensor<1x1xf64>
  return %r : tensor<1x1xf64>
}

func.func @reshape_dynamic(%a: tensor<2x3x12xf64>) -> tensor<2x3x4x3xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %d = tensor.cast %a : tensor<2x3x12xf64> to tensor<?x?x12xf64>
  %b = tensor.dim %d, %c0 : tensor<?x?x12xf64>
  %s = tensor.dim %d, %c1 : tensor<?x?x12xf64>
  %r = graph.reshape %d sizes(%b, %s) : tensor<?x?x12xf64> to tensor<?x?x4x3xf64>
  %t = tensor.cast %r : tensor<?x?x4x3xf64> to tensor<2x3x4x3xf64>
  return %t : tensor<2x3x4x3xf64>
}

// Nothing is known to be equal, and one side is static.
func.func @reshape_dynamic_regroup(%a: tensor<4x6xf64>) -> tensor<3x8xf64> {
  %d = tensor.cast %a : tensor<4x6xf64> to tensor<?x?xf64>
  %r = graph.reshape %d : tensor<?x?xf64> to tensor<3x8xf64>
  return %r : tensor<3x8xf64>
}

func.func @reshape_static_to_dynamic(%a: tensor<4x6xf64>) -> tensor<3x8xf64> {
  %c3 = arith.constant 3 : index
  %c8 = arith.constant 8 : index
  %r = graph.reshape %a sizes(%c3, %c8) : tensor<4x6xf64> to tensor<?x?xf64>
  %s = tensor.cast %r : tensor<?x?xf64> to tensor<3x8xf64>
  return %s : tensor<3x8xf64>
}

func.func @transpose(%a: tensor<2x4x6xf64>) -> tensor<6x2x4xf64> attributes {splits = 3} {
  %r = graph.transpose %a perm = [2, 0, 1] : tensor<2x4x6xf64> to tensor<6x2x4xf64>
  return %r : tensor<6x2x4xf64>
}

func.func @transpose_dynamic(%a: tensor<2x3xf64>) -> tensor<3x2xf64> {
  %d = tensor.cast %a : tensor<2x3xf64> to tensor<?x3xf64>
  %r = graph.transpose %d perm = [1, 0] : tensor<?x3xf64> to tensor<3x?xf64>
  %s = tensor.cast %r : tensor<3x?xf64> to tensor<3x2xf64>
  return %s : tensor<3x2xf64>
}

func.func @concat(%a: tensor<4x2xf64>, %b: tensor<4x3xf64>, %c: tensor<4x1xf64>) -> tensor<4x6xf64>
    attributes {splits = 1} {
  %r = graph.concat %a, %b, %c axis = 1 : (tensor<4x2xf64>, tensor<4x3xf64>, tensor<4x1xf64>) -> tensor<4x6xf64>
  return %r : tensor<4x6xf64>
}

func.func @concat_dynamic(%a: tensor<2x2xf64>, %b: tensor<3x2xf64>) -> tensor<5x2xf64> {
  %d = tensor.cast %a : tensor<2x2xf64> to tensor<?x?xf64>
  %e = tensor.cast %b : tensor<3x2xf64> to tensor<?x2xf64>
  %r = graph.concat %d, %e axis = 0 : (tensor<?x?xf64>, tensor<?x2xf64>) -> tensor<?x2xf64>
  %s = tensor.cast %r : tensor<?x2xf64> to tensor<5x2xf64>
  return %s : tensor<5x2xf64>
}

func.func @slice(%a: tensor<4x9xf64>) -> tensor<4x3xf64> attributes {bytes_read = 96, splits = 1} {
  %r = graph.slice %a [0, 2] [4, 3] [1, 3] : tensor<4x9xf64> to tensor<4x3xf64>
  return %r : tensor<4x3xf64>
}

func.func @slice_at(%a: tensor<4x6xf64>) -> tensor<4x2xf64> attributes {bytes_read = 64, splits = 1} {
  %i = arith.constant 3 : index
  %r = graph.slice %a [0, %i] [4, 2] [1, 1] : tensor<4x6xf64> to tensor<4x2xf64>
  return %r : tensor<4x2xf64>
}

func.func @slice_dynamic(%a: tensor<4x6xf64>) -> tensor<2x3xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %d = tensor.cast %a : tensor<4x6xf64> to tensor<?x6xf64>
  %r = graph.slice %d [%c1, 0] [%c2, 3] [2, 2] : tensor<?x6xf64> to tensor<?x3xf64>
  %s = tensor.cast %r : tensor<?x3xf64> to tensor<2x3xf64>
  return %s : tensor<2x3xf64>
}

func.func @pad(%a: tensor<4x3xf64>, %z: tensor<f64>) -> tensor<4x6xf64> attributes {splits = 1} {
  %r = graph.pad %a, %z low [0, 1] high [0, 2] interior = [0, 0] : tensor<4x3xf64>, tensor<f64> to tensor<4x6xf64>
  return %r : tensor<4x6xf64>
}

func.func @pad_interior(%a: tensor<4x3xf64>, %z: tensor<f64>) -> tensor<4x10xf64> attributes {splits = 1} {
  %r = graph.pad %a, %z low [0, 1] high [0, 2] interior = [0, 2] : tensor<4x3xf64>, tensor<f64> to tensor<4x10xf64>
  return %r : tensor<4x10xf64>
}

func.func @pad_dynamic(%a: tensor<4x3xf64>, %z: tensor<f64>) -> tensor<8x5xf64> {
  %c1 = arith.constant 1 : index
  %d = tensor.cast %a : tensor<4x3xf64> to tensor<?x3xf64>
  %r = graph.pad %d, %z low [%c1, 1] high [0, %c1] interior = [1, 0] : tensor<?x3xf64>, tensor<f64> to tensor<?x?xf64>
  %s = tensor.cast %r : tensor<?x?xf64> to tensor<8x5xf64>
  return %s : tensor<8x5xf64>
}

func.func @reverse(%a: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> attributes {splits = 1} {
  %r = graph.reverse %a dims = [1, 2] : tensor<2x3x4xf64>
  return %r : tensor<2x3x4xf64>
}

func.func @reverse_dynamic(%a: tensor<2x3xf64>) -> tensor<2x3xf64> {
  %d = tensor.cast %a : tensor<2x3xf64> to tensor<2x?xf64>
  %r = graph.reverse %d dims = [1] : tensor<2x?xf64>
  %s = tensor.cast %r : tensor<2x?xf64> to tensor<2x3xf64>
  return %s : tensor<2x3xf64>
}
