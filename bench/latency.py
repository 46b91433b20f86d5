"""Called by bench/latency.mjs: times pairs of models in turn in onnxruntime."""
import json
import statistics
import sys
import time

import numpy as np
import onnxruntime

WARM_UP = 50
ROUNDS = 400
SIDES = ("latency", "macs")


def open_model(file):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def run(session, image):
    began = time.perf_counter()
    session.run(None, {"input": image})
    return time.perf_counter() - began


def measure(case, image):
    sessions = {side: open_model(case[side]) for side in SIDES}
    times = {side: [] for side in SIDES}
    for turn in range(WARM_UP + ROUNDS):
        for side in SIDES if turn % 2 else SIDES[::-1]:
            seconds = run(sessions[side], image)
            if turn >= WARM_UP:
                times[side].append(seconds)
    return {
        "ratio": statistics.median(one / other for one, other in zip(times["latency"], times["macs"])),
        "milliseconds": {side: 1000 * statistics.median(times[side]) for side in SIDES},
    }


given = json.load(sys.stdin)
image = np.random.default_rng(0).standard_normal(given["shape"]).astype(np.float32)
json.dump([measure(case, image) for case in given["cases"]], sys.stdout)
