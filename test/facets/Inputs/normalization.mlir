// Normalisation along an axis.

func.func @softmax(%a: tensor<4x5xf64>) -> tensor<4x5xf64> attributes {splits = 1} {
  %r = graph.softmax %a axis = 1 : tensor<4x5xf64>
  return %r : tensor<4x5xf64>
}

func.func @softmax_large(%a: tensor<2x4x2xf64>) -> tensor<2x4x2xf64> attributes {domain = [798.0, 802.0], splits = 2} {
  %r = graph.softmax %a axis = 1 : tensor<2x4x2xf64>
  return %r : tensor<2x4x2xf64>
}

func.func @softmax_dynamic(%a: tensor<2x3xf64>) -> tensor<2x3xf64> {
  %d = tensor.cast %a : tensor<2x3xf64> to tensor<?x?xf64>
  %r = graph.softmax %d axis = 0 : tensor<?x?xf64>
  %s = tensor.cast %r : tensor<?x?xf64> to tensor<2x3xf64>
  return %s : tensor<2x3xf64>
}

func.func @log_softmax(%a: tensor<4x5xf64>) -> tensor<4x5xf64> attributes {splits = 1} {
  %r = graph.log_softmax %a axis = 1 : tensor<4x5xf64>
  return %r : tensor<4x5xf64>
}

func.func @log_softmax_vector(%a: tensor<4xf64>) -> tensor<4xf64> attributes {splits = 0} {
  %r = graph.log_softmax %a axis = 0 : tensor<4xf64>
  return %r : tensor<4xf64>
}

func.func @log_softmax_dynamic(%a: tensor<2x3x2xf64>) -> tensor<2x3x2xf64> {
  %d = tensor.cast %a : tensor<2x3x2xf64> to tensor<?x3x?xf64>
  %r = graph.log_softmax %d axis = 1 : tensor<?x3x?xf64>
  %s = tensor.cast %r : tensor<?x3x?xf64> to tensor<2x3x2xf64>
  return %s : tensor<2x3x2xf64>
}

func.func @batch_norm(%x: tensor<2x4x3xf64>, %s: tensor<4xf64>, %o: tensor<4xf64>, %m: tensor<4xf64>,
                      %v: tensor<4xf64>) -> tensor<2x4x3xf64>
    attributes {domains = [[-1.0, 1.0], [-1.0, 1.0], [-1.0, 1.0], [-1.0, 1.0], [0.5, 2.0]], splits = 2} {
  %r = graph.batch_norm %x, %s, %o, %m, %v axis = 1 epsilon = 1.0e-3 : tensor<2x4x3xf64>, tensor<4xf64>
  return %r : tensor<2x4x3xf64>
}

func.func @batch_norm_dynamic(%x: tensor<2x3x4xf64>, %s: tensor<4xf64>, %o: tensor<4xf64>, %m: tensor<4xf64>,
                              %v: tensor<4xf64>) -> tensor<2x3x4xf64>
    attributes {domains = [[-1.0, 1.0], [-1.0, 1.0], [-1.0, 1.0], [-1.0, 1.0], [0.5, 2.0]]} {
  %d = tensor.cast %x : tensor<2x3x4xf64> to tensor<?x?x4xf64>
  %r = graph.batch_norm %d, %s, %o, %m, %v axis = 2 epsilon = 1.0e-3 : tensor<?x?x4xf64>, tensor<4xf64>
  %t = tensor.cast %r : tensor<?x?x4xf64> to tensor<2x3x4xf64>
  return %t : tensor<2x3x4xf64>
}

func.func @layer_norm(%x: tensor<4x3x5xf64>, %s: tensor<5xf64>, %o: tensor<5xf64>)
    -> (tensor<4x3x5xf64>, tensor<4x3xf64>, tensor<4x3xf64>) attributes {splits = 1} {
  %r:3 = graph.layer_norm %x scale(%s) offset(%o) dims = [2] epsilon = 1.0e-3
    : (tensor<4x3x5xf64>, tensor<5xf64>, tensor<5xf64>) -> (tensor<4x3x5xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  return %r#0, %r#1, %r#2 : tensor<4x3x5xf64>, tensor<4x3xf64>, tensor<4x3xf64>
}

// Dims that are not the last ones, and no offset.
func.func @layer_norm_outer(%x: tensor<3x4x2xf64>, %s: tensor<3x2xf64>)
    -> (tensor<3x4x2xf64>, tensor<4xf64>, tensor<4xf64>) attributes {splits = 1} {
  %r:3 = graph.layer_norm %x scale(%s) dims = [0, 2] epsilon = 1.0e-3
    : (tensor<3x4x2xf64>, tensor<3x2xf64>) -> (tensor<3x4x2xf64>, tensor<4xf64>, tensor<4xf64>)
  return %r#0, %r#1, %r#2 : tensor<3x4x2xf64>, tensor<4xf64>, tensor<4xf64>
}

func.func @layer_norm_plain_dynamic(%x: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %d = tensor.cast %x : tensor<2x3x4xf64> to tensor<?x?x4xf64>
  %r:3 = graph.layer_norm %d dims = [1, 2] epsilon = 1.0e-3
    : (tensor<?x?x4xf64>) -> (tensor<?x?x4xf64>, tensor<?xf64>, tensor<?xf64>)
  %s = tensor.cast %r#0 : tensor<?x?x4xf64> to tensor<2x3x4xf64>
  return %s : tensor<2x3x4xf64>
}

func.func @rms_norm(%x: tensor<4x3x5xf64>, %s: tensor<5xf64>) -> (tensor<4x3x5xf64>, tensor<4x3xf64>)
    attributes {splits = 1} {
  %r:2 = graph.rms_norm %x scale(%s) dims = [2] epsilon = 1.0e-3
    : (tensor<4x3x5xf64>, tensor<5xf64>) -> (tensor<4x3x5xf64>, tensor<4x3xf64>)
  return %r#0, %r#1 : tensor<4x3x5xf64>, tensor<4x3xf64>
}

func.func @rms_norm_plain_dynamic(%x: tensor<2x3xf64>) -> tensor<2x3xf64> {
  %d = tensor.cast %x : tensor<2x3xf64> to tensor<2x?xf64>
  %r:2 = graph.rms_norm %d dims = [1] epsilon = 1.0e-3 : (tensor<2x?xf64>) -> (tensor<2x?xf64>, tensor<2xf64>)
  %s = tensor.cast %r#0 : tensor<2x?xf64> to tensor<2x3xf64>
  return %s : tensor<2x3xf64>
}

func.func @group_norm(%x: tensor<2x4x3xf64>, %s: tensor<4xf64>, %o: tensor<4xf64>) -> tensor<2x4x3xf64>
    attributes {splits = 2} {
  %r = graph.group_norm %x scale(%s) offset(%o) axis = 1 groups = 2 epsilon = 1.0e-3
    : (tensor<2x4x3xf64>, tensor<4xf64>, tensor<4xf64>) -> tensor<2x4x3xf64>
  return %r : tensor<2x4x3xf64>
}

// Instances, with the channels last.
func.func @group_norm_instances(%x: tensor<2x3x4xf64>, %o: tensor<4xf64>) -> tensor<2x3x4xf64>
    attributes {splits = 2} {
  %r = graph.group_norm %x offset(%o) axis = 2 groups = 4 epsilon = 1.0e-3
    : (tensor<2x3x4xf64>, tensor<4xf64>) -> tensor<2x3x4xf64>
  return %r : tensor<2x3x4xf64>
}

func.func @group_norm_dynamic(%x: tensor<2x4x3xf64>, %s: tensor<4xf64>) -> tensor<2x4x3xf64> {
  %d = tensor.cast %x : tensor<2x4x3xf64> to tensor<?x4x?xf64>
  %r = graph.group_norm %d scale(%s) axis = 1 groups = 2 epsilon = 1.0e-3
    : (tensor<?x4x?xf64>, tensor<4xf64>) -> tensor<?x4x?xf64>
  %t = tensor.cast %r : tensor<?x4x?xf64> to tensor<2x4x3xf64>
  return %t : tensor<2x4x3xf64>
}
