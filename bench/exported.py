"""Called by bench/exported.mjs: exports timm's networks by PyTorch, and times them beside our models in onnxruntime."""
import importlib.util
import json
import statistics
import sys
import time
import warnings

import numpy as np
import onnx
import onnxruntime
import torch

WARM_UP = 10
ROUNDS = 40
SIDES = ("ours", "timm")


def load_network(program):
    spec = importlib.util.spec_from_file_location("network", program)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.load().eval()


def export_timm(program):
    file = program.replace(".py", ".timm.onnx")
    names = {"input_names": ["input"], "output_names": ["logits"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(load_network(program), torch.zeros(1, 3, 224, 224), file, dynamo=False, opset_version=17,
                          dynamic_axes={"input": {0: "batch"}, "logits": {0: "batch"}}, **names)
    return file


def open_model(file):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.optimized_model_filepath = file.replace(".onnx", ".optimised.onnx")
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    nodes = onnx.load(options.optimized_model_filepath).graph.node
    return session, len(nodes)


def run(session, image):
    began = time.perf_counter()
    [logits] = session.run(None, {"input": image})
    return time.perf_counter() - began, logits


def measure(case):
    opened = {"ours": open_model(case["ours"]), "timm": open_model(export_timm(case["program"]))}
    image = np.random.default_rng(0).standard_normal((1, 3, 224, 224)).astype(np.float32)
    logits = {side: run(opened[side][0], image)[1] for side in SIDES}
    times = {side: [] for side in SIDES}
    for turn in range(WARM_UP + ROUNDS):
        for side in SIDES if turn % 2 else SIDES[::-1]:
            seconds, _ = run(opened[side][0], image)
            if turn >= WARM_UP:
                times[side].append(seconds)
    return {
        "name": case["name"],
        "ratio": statistics.median(ours / timm for ours, timm in zip(times["ours"], times["timm"])),
        "milliseconds": {side: 1000 * statistics.median(times[side]) for side in SIDES},
        "nodes": {side: opened[side][1] for side in SIDES},
        "difference": float(np.abs(logits["ours"] - logits["timm"]).max() / np.abs(logits["timm"]).max()),
    }


json.dump([measure(case) for case in json.load(sys.stdin)], sys.stdout)
