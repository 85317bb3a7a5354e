"""Images at another size; what is expected comes from ONNX's own evaluator."""

import itertools

import numpy as np
import onnx
import onnx.reference

from case import DTYPES, OLD_OPSET, op_case
from elementwise import short
from shape import ints
from values import random


def evaluate(op, inputs, attributes, opset):
    names = [f"x{i}" if x is not None else "" for i, x in enumerate(inputs)]
    node = onnx.helper.make_node(op, names, ["y"], **attributes)
    infos = [
        onnx.helper.make_tensor_value_info(n, DTYPES[x.dtype], x.shape) for n, x in zip(names, inputs) if x is not None
    ]
    out = onnx.helper.make_tensor_value_info("y", DTYPES[inputs[0].dtype], None)
    graph = onnx.helper.make_graph([node], "g", infos, [out])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", opset)])
    feeds = {n: x for n, x in zip(names, inputs) if x is not None}
    return onnx.reference.ReferenceEvaluator(model).run(None, feeds)[0].astype(inputs[0].dtype)


def resize_case(name, x, attributes, scales=None, sizes=None, roi=None, opset=19, **more):
    inputs = [x, roi, None if scales is None else np.float32(scales)]
    if sizes is not None:
        inputs.append(ints(*sizes))
    want = evaluate("Resize", inputs, attributes, opset)
    constant = [i for i in range(1, len(inputs)) if inputs[i] is not None and i != 1]
    constant += [1] if roi is not None else []
    more.setdefault("dynamic", "rows" if scales is not None else None)
    more.setdefault("atol", 1e-5)
    return op_case(f"resize_{name}", "Resize", inputs, [want], attributes, constant=sorted(constant), opset=opset, **more)


# ONNX's evaluator takes the product of extent and scale for the new extent even
# where it is no whole number, which only align_corners sees; and it has a rule
# of its own for pytorch_half_pixel and one new element. Neither is tested by it.
TRANSFORMS = ("half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric")


def nearest():
    x = random("x", (2, 3, 5, 4))
    for transform in TRANSFORMS:
        for rounding in ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"):
            attributes = {"mode": "nearest", "coordinate_transformation_mode": transform, "nearest_mode": rounding}
            if rounding == "round_prefer_floor" or transform == "align_corners":
                yield resize_case(f"nearest_{transform}_{rounding}_up", x, attributes, [1, 1, 2, 2])
            if transform != "align_corners":
                yield resize_case(f"nearest_{transform}_{rounding}_odd", x, attributes, [1, 1, 1.7, 0.7])
    yield resize_case("nearest_sizes", x, {"mode": "nearest"}, sizes=[2, 3, 7, 3])
    yield resize_case("nearest_default", x, {}, [1, 1, 3, 3])
    for dtype in (np.float64, np.float16, np.int64, np.uint8):
        x = random("x", (2, 2, 3, 4), dtype)
        yield resize_case(f"nearest_{short(dtype)}", x, {"mode": "nearest"}, [1, 1, 2, 2])


def interpolated():
    x = random("x", (2, 3, 5, 4))
    for mode, transform in itertools.product(("linear", "cubic"), TRANSFORMS):
        attributes = {"mode": mode, "coordinate_transformation_mode": transform}
        if mode == "linear":
            yield resize_case(f"{mode}_{transform}_up", x, attributes, [1, 1, 2, 2])
        if transform != "align_corners":
            yield resize_case(f"{mode}_{transform}_odd", x, attributes, [1, 1, 1.7, 0.7])
        height = 2 if transform == "pytorch_half_pixel" else 1
        yield resize_case(f"{mode}_{transform}_sizes", x, attributes, sizes=[2, 3, height, 9])
    yield resize_case("cubic_outside", x, {"mode": "cubic", "exclude_outside": 1}, [1, 1, 2, 0.8])
    yield resize_case("cubic_coefficient", x, {"mode": "cubic", "cubic_coeff_a": -0.5}, [1, 1, 2, 2])
    for mode in ("linear", "cubic"):
        attributes = {"mode": mode, "antialias": 1}
        yield resize_case(f"{mode}_antialias_down", x, attributes, [1, 1, 0.6, 0.5])
        yield resize_case(f"{mode}_antialias_up", x, attributes, [1, 1, 2, 1.5])
        yield resize_case(f"{mode}_antialias_sizes", x, attributes, sizes=[2, 3, 2, 3])
        yield resize_case(f"{mode}_antialias_outside", x, dict(attributes, exclude_outside=1), [1, 1, 0.6, 0.5])
    yield resize_case("linear_axes", x, {"mode": "linear", "axes": [3, 2]}, [0.5, 2])
    yield resize_case("linear_not_larger", x, {"mode": "linear", "axes": [2, 3], "keep_aspect_ratio_policy": "not_larger"}, sizes=[9, 10])
    yield resize_case("linear_not_smaller", x, {"mode": "linear", "axes": [2, 3], "keep_aspect_ratio_policy": "not_smaller"}, sizes=[9, 10])
    yield resize_case("linear_f64", x.astype(np.float64), {"mode": "linear"}, [1, 1, 2, 2])
    yield resize_case("linear_one_axis", x[0, 0], {"mode": "linear"}, [1, 2.5], dynamic=None)
    yield resize_case("linear_volume", random("v", (1, 2, 3, 4, 3)), {"mode": "linear"}, [1, 1, 2, 2, 2])
    yield resize_case("linear_wide", random("w", (1, 2, 7, 40)), {"mode": "linear"}, [1, 1, 2, 2])
    roi = np.float32([0, 0, 0.2, 0.3, 1, 1, 0.7, 1.2])
    for mode in ("nearest", "linear", "cubic"):
        attributes = {"mode": mode, "coordinate_transformation_mode": "tf_crop_and_resize", "extrapolation_value": 7.0}
        yield resize_case(f"crop_{mode}", x, attributes, sizes=[2, 3, 4, 6], roi=roi)


def old():
    x = random("x", (2, 3, 4, 5))
    repeated = x.repeat(2, 2).repeat(3, 3)
    yield op_case(
        "upsample_attribute", "Upsample", [x], [repeated], {"mode": "nearest", "scales": [1.0, 1.0, 2.0, 3.0]},
        opset=7, dynamic="rows",
    )
    scales = np.float32([1, 1, 2, 3])
    yield op_case(
        "upsample_input", "Upsample", [x, scales], [repeated], {"mode": "nearest"}, constant=[1], opset=OLD_OPSET,
        dynamic="rows",
    )
    yield op_case("resize_10", "Resize", [x, scales], [repeated], {"mode": "nearest"}, constant=[1], opset=10, dynamic="rows")
    want = evaluate("Resize", [x, None, scales], {"mode": "linear", "coordinate_transformation_mode": "asymmetric"}, 13)
    yield op_case(
        "upsample_linear", "Upsample", [x, scales], [want], {"mode": "linear"}, constant=[1], opset=OLD_OPSET,
        dynamic="rows", atol=1e-5,
    )


def pixel(image, y, x):
    """The four neighbours of a place, weighted: [4, C]."""
    height, width = image.shape[1:]
    if y < -1 or y > height or x < -1 or x > width:
        return np.zeros((4, image.shape[0]))
    y, x = min(max(y, 0), height - 1), min(max(x, 0), width - 1)
    y0, x0 = int(y), int(x)
    y1, x1 = min(y0 + 1, height - 1), min(x0 + 1, width - 1)
    fy, fx = y - y0, x - x0
    parts = ((y0, x0, (1 - fy) * (1 - fx)), (y0, x1, (1 - fy) * fx), (y1, x0, fy * (1 - fx)), (y1, x1, fy * fx))
    return np.array([image[:, i, j] * weight for i, j, weight in parts])


def regions_of(x, rois, batch, mode="avg", height=1, width=1, ratio=0, scale=1.0, half=True):
    """RoiAlign, one sample after the other."""
    y = np.zeros((len(rois), x.shape[1], height, width))
    for r, roi in enumerate(rois.astype(np.float64)):
        x1, y1, x2, y2 = roi * np.float64(np.float32(scale)) - (0.5 if half else 0)
        w, h = (x2 - x1, y2 - y1) if half else (max(x2 - x1, 1), max(y2 - y1, 1))
        bin_h, bin_w = h / height, w / width
        rows, columns = (ratio, ratio) if ratio else (int(np.ceil(bin_h)), int(np.ceil(bin_w)))
        for i, j in np.ndindex(height, width):
            samples = [
                pixel(x[batch[r]].astype(np.float64), y1 + bin_h * (i + (a + 0.5) / rows), x1 + bin_w * (j + (b + 0.5) / columns))
                for a in range(rows)
                for b in range(columns)
            ]
            if samples and mode == "avg":
                y[r, :, i, j] = np.sum(samples, (0, 1)) / len(samples)
            elif samples:
                y[r, :, i, j] = np.max(samples, (0, 1))
    return y.astype(x.dtype)


def regions():
    x = random("roix", (2, 3, 9, 11))
    rois = np.float32([[0, 0, 10, 8], [1.3, 2.1, 4.9, 7.7], [-3, -2, 5, 4], [6, 5, 20, 14], [4, 4, 4.2, 4.1], [8, 1, 9.5, 8]])
    batch = np.int64([0, 1, 0, 1, 1, 0])
    dims = [["n", "", "h", "w"], ["r", ""], ["r"], ["r", "", "", ""]]
    for name, given in (
        ("plain", dict(height=3, width=4)),
        ("ratio", dict(height=2, width=2, ratio=2)),
        ("scale", dict(height=2, width=3, ratio=3, scale=0.5)),
        ("corners", dict(height=3, width=3, half=False)),
        ("max", dict(mode="max", height=2, width=3)),
        ("max_ratio", dict(mode="max", height=2, width=2, ratio=2, half=False)),
        ("one", dict()),
    ):
        attributes = {
            "mode": given.get("mode", "avg"),
            "output_height": given.get("height", 1),
            "output_width": given.get("width", 1),
            "sampling_ratio": given.get("ratio", 0),
            "spatial_scale": given.get("scale", 1.0),
            "coordinate_transformation_mode": "half_pixel" if given.get("half", True) else "output_half_pixel",
        }
        want = regions_of(x, rois, batch, **given)
        yield op_case(f"roi_{name}", "RoiAlign", [x, rois, batch], [want], attributes, dynamic=dims, atol=1e-5)
    attributes = {"output_height": 2, "output_width": 2}
    want = regions_of(x, rois, batch, height=2, width=2, half=False)
    yield op_case("roi_old", "RoiAlign", [x, rois, batch], [want], attributes, opset=10, dynamic=dims, atol=1e-5)


def cases():
    result = []
    for part in (nearest, interpolated, old, regions):
        result += part()
    return result
