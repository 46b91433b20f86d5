"""Called by scripts/onnx-reference.mjs: checks each model and compares what onnxruntime computes with what ours did."""
import json
import sys

import numpy as np
import onnx
import onnxruntime

TOLERANCE = 1e-4

onnxruntime.set_default_logger_severity(3)


def checked(file):
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    # Every extent but the batch's is known to whoever reads the model.
    for value in inferred.graph.value_info:
        for axis, dim in enumerate(value.type.tensor_type.shape.dim):
            assert dim.dim_value or axis == 0, f"{value.name}: axis {axis} is not known"
    return model


def difference(session, run):
    images = np.fromfile(run["input"], np.float32).reshape(run["shape"])
    found = session.run(None, {"input": images})[0]
    expected = np.fromfile(run["output"], np.float32).reshape(found.shape)
    return np.abs(found - expected).max(), np.abs(expected).max()


failed = 0
for case in json.load(open(sys.argv[1])):
    model = checked(case["file"])
    session = onnxruntime.InferenceSession(case["file"], providers=["CPUExecutionProvider"])
    differences, sizes = zip(*[difference(session, run) for run in case["runs"]])
    isClose = all(one <= TOLERANCE * max(1, size) for one, size in zip(differences, sizes))
    failed += not isClose
    batches = ", ".join(f"{one:.1e}" for one in differences)
    transposed = sum(node.op_type == "Transpose" for node in model.graph.node)
    # Cases of operations mix the axes of maps, which networks do not.
    failed += transposed > 0 and not case["mixesAxes"]
    print(
        f"{'ok    ' if isClose else 'FAILED'} {case['name']}: {len(model.graph.node)} nodes, {transposed} of them "
        f"Transpose; largest difference {batches} for outputs up to {max(sizes):.2f}"
    )
print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}: {failed} failed")
sys.exit(failed > 0)
