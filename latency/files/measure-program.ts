/** Fills a table that lies beside its models, in Python, as `dna latency measure` does. */
export const MEASURE_PROGRAM = `"""Measures the models of table.json by onnxruntime: pip install onnxruntime numpy

python3 measure.py --threads 1 --batch 1 --rounds 12 [--output measured.json]
The same command goes on after a stop. Carry the output to where dna is: dna search RUN --latency measured.json
"""
import argparse
import json
import os
import platform
import random
import time

import numpy
import onnxruntime

FOLDER = os.path.dirname(os.path.abspath(__file__))
WARM_UP, LEAST_RUNS, MOST_RUNS, SECONDS = 3, 5, 200, 0.01


def read(path):
    with open(path) as file:
        return json.load(file)


def begin(options):
    """The table to fill: that of the output, or the empty one."""
    identity = {
        "runtime": "onnxruntime " + onnxruntime.__version__ + ", Python",
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "threads": options.threads,
        "batch": options.batch,
    }
    if not os.path.exists(options.output):
        return {**read(os.path.join(FOLDER, "table.json")), **identity, "rounds": options.rounds}
    table = read(options.output)
    other = [name for name in identity if table[name] != identity[name]]
    if other:
        raise SystemExit(f"{options.output} was measured with another {other[0]}: name another --output.")
    return {**table, "rounds": options.rounds}


def write(table, output):
    with open(output + ".partial", "w") as file:
        json.dump(table, file)
    os.replace(output + ".partial", output)


def sample(row, shape, options):
    """Milliseconds: the median of some runs after a warm-up."""
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    path = os.path.join(FOLDER, row["file"])
    session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
    height, width, channels = shape
    images = numpy.random.default_rng(0).random((options.batch, channels, height, width), numpy.float32) - 0.5
    feeds = {session.get_inputs()[0].name: images}
    for _ in range(WARM_UP):
        session.run(None, feeds)
    times = []
    began = time.perf_counter()
    while len(times) < LEAST_RUNS or (len(times) < MOST_RUNS and time.perf_counter() - began < SECONDS):
        start = time.perf_counter()
        session.run(None, feeds)
        times.append(1000 * (time.perf_counter() - start))
    return float(f"{sorted(times)[len(times) // 2]:.4g}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--output", default="measured.json")
    options = parser.parse_args()
    table = begin(options)
    rows = [(row, row["input"]) for row in table["layers"]]
    rows += [(row, table["image"]) for row in table["networks"]]
    written = time.monotonic()
    for round_number in range(options.rounds):
        order = list(range(len(rows)))
        random.Random(round_number).shuffle(order)
        for at in order:
            row, shape = rows[at]
            if len(row["samples"]) > round_number:
                continue
            row["samples"].append(sample(row, shape, options))
            if time.monotonic() - written > 5:
                write(table, options.output)
                written = time.monotonic()
        print(f"round {round_number + 1} of {options.rounds}", flush=True)
    write(table, options.output)


main()
`;
