"""Called by scripts/pytorch-reference.mjs: runs each program and compares what it computes with what ours did."""
import importlib.util
import json
import subprocess
import sys

import numpy as np
import torch

TOLERANCE = 1e-4


def loaded(file):
    spec = importlib.util.spec_from_file_location("network", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.load()


def difference(network, run):
    images = np.fromfile(run["input"], np.float32).reshape(run["shape"])
    with torch.inference_mode():
        found = network(torch.from_numpy(images)).numpy()
    expected = np.fromfile(run["output"], np.float32).reshape(found.shape)
    return np.abs(found - expected).max(), np.abs(expected).max()


failed = 0
cases = json.load(open(sys.argv[1]))
for case in cases:
    network = loaded(case["file"])
    differences, sizes = zip(*[difference(network, run) for run in case["runs"]])
    isClose = all(one <= TOLERANCE * max(1, size) for one, size in zip(differences, sizes))
    failed += not isClose
    batches = ", ".join(f"{one:.1e}" for one in differences)
    print(f"{'ok    ' if isClose else 'FAILED'} {case['name']}: {batches} for outputs up to {max(sizes):.2f}")
shape = subprocess.run([sys.executable, cases[-1]["file"]], capture_output=True, text=True, check=True).stdout
print(f"as a program it prints {shape.strip()}")
print(f"PyTorch {torch.__version__}: {len(cases)} cases, {failed} failed")
sys.exit(failed > 0)
