"""A whole run a second time, as a plain script in float64 that shares nothing with ours but the configuration and the
draws: three searches (the teacher's features, S1, S2), each with rating, search and retraining. The draws come from the
streams by their names, and not from a record of our run, so that one drawn for the wrong step or layer shows too.

    python test/golden/whole-run/whole-run.py          writes expected.json and weights.safetensors
    python test/golden/whole-run/whole-run.py --check  computes them and compares with what is there

Needs NumPy alone."""

import json
import struct
import sys
from pathlib import Path

import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))

from draws import Stream  # noqa: E402
from images import Images  # noqa: E402
from networks import Space, Teacher, network_cost, resize_map  # noqa: E402
from retraining import accuracy, retrain  # noqa: E402
from searching import Search, find_network  # noqa: E402

FOLDER = Path(__file__).parent


class World:
    """What all stages of a run work with."""

    def __init__(self, configuration):
        self.configuration = configuration
        self.random = Stream.of_seed(configuration["seed"])
        self.images = Images(configuration)
        self.side = configuration["data"]["imageSize"]
        self.space = Space(configuration["space"])
        self.teacher = Teacher(configuration["teacher"], self.images.classes)
        self.sizes = self.student_sizes()
        self.cuts = self.cut_teacher()

    def size(self, split):
        return len(self.images.splits[split])

    def student_sizes(self):
        """Height and width behind each block."""
        size, sizes = -(-self.side // self.space.stem[1]), []
        for block in self.space.options["blocks"]:
            size = -(-size // block["stride"])
            sizes.append(size)
        return sizes

    def cut_teacher(self):
        """Behind the last stage of the resolution that is nearest to the student's, the paper's stages of B0 and B7."""
        height = -(-self.teacher.image["height"] // 2)
        heights = []
        for stage in self.configuration["teacher"]["architecture"]["stages"]:
            height = -(-height // 2) if "_s2" in stage else height
            heights.append(height)
        nearest = [min(heights, key=lambda one: abs(np.log2(one / size))) for size in self.sizes]
        return [len(heights) - 1 - heights[::-1].index(one) for one in nearest]

    def channels(self, block):
        """The teacher's before and behind a block."""
        before = self.teacher.channels[self.cuts[block - 1]] if block else 3
        return before, self.teacher.channels[self.cuts[block]]

    def borders(self, images, block):
        """The teacher's features before and behind a block, in the student's size; before the first, the images."""
        features = self.teacher.features(images, self.cuts[-1])
        of = lambda at: resize_map(features[self.cuts[at]], self.sizes[at], self.sizes[at])
        return (of(block - 1) if block else images), of(block)


def merged(configuration, name):
    """The base with what a run changes: whole parts, or single options by a dotted name."""
    made = json.loads(json.dumps(configuration["base"] | {"files": configuration["files"]}))
    for key, value in configuration["runs"][name].items():
        *path, last = key.split(".")
        into = made
        for one in path:
            into = into[one]
        into[last] = value
    return made


def whole_run(configuration):
    world = World(configuration)
    search = Search(world)
    search.run()
    found = find_network(world, search.ratings)
    told, weights = {}, {}
    for (block, cell), tensors in search.weights.items():
        task = f"train-b{block + 1}-c{cell + 1}"
        told[task] = search.steps[block, cell]
        weights |= {f"{task}/{name}": value for name, value in tensors.items()}
    networks = [{"name": "teacher", **world.teacher.cost(), **accuracy(world, world.teacher.logits)}]
    for name in configuration["retrain"]["networks"]:
        architecture = found["best" if name == "found" else "random"]["architecture"]
        trained, files = retrain(world, name, architecture)
        told[f"retrain-{name}"] = trained["steps"]
        costs = network_cost(world.space, architecture, world.images.classes, world.side)
        networks.append({"name": name, **costs, **trained["result"]})
        for kind, tensors in files.items():
            task = f"retrain-{name}" + (f"-{kind}" if kind else "")
            weights |= {f"{task}/{one}": value for one, value in tensors.items()}
    ratings = [{"block": block, "cell": cell, "values": list(values.values())}
               for (block, cell), values in sorted(search.ratings.items())]
    return {"sizes": {split: world.size(split) for split in world.images.splits}, "steps": told, "ratings": ratings,
            "search": plain_search(found), "networks": networks}, weights


def plain_search(found):
    plain = lambda one: {
        "architecture": [{"cell": cell, "path": list(path)} for cell, path in one["architecture"]],
        "rating": one["rating"], "costs": one["costs"],
    }
    return {name: [plain(each) for each in one] if isinstance(one, list) else plain(one) for name, one in found.items()}


def safetensors(tensors):
    header, data = {}, b""
    for name, value in tensors.items():
        raw = np.ascontiguousarray(value, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, (list, tuple)) else value


def close(found, kept):
    if isinstance(kept, dict):
        return found.keys() == kept.keys() and all(close(found[key], kept[key]) for key in kept)
    if isinstance(kept, list):
        return len(found) == len(kept) and all(close(*pair) for pair in zip(found, kept))
    return abs(found - kept) <= 1e-7 * max(1, abs(kept)) if isinstance(kept, float) else found == kept


def main():
    configuration = json.loads((FOLDER / "configuration.json").read_text())
    expected, weights = {}, {}
    for name in configuration["runs"]:
        told, tensors = whole_run(merged(configuration, name))
        expected[name] = json.loads(json.dumps(rounded(told)))
        weights |= {f"{name}/{one}": value for one, value in tensors.items()}
    file, text = FOLDER / "weights.safetensors", FOLDER / "expected.json"
    if "--check" in sys.argv:
        kept = np.frombuffer(file.read_bytes(), np.uint8)
        made = np.frombuffer(safetensors(weights), np.uint8)
        start = 8 + struct.unpack("<Q", made[:8].tobytes())[0]
        same = kept.shape == made.shape and (kept[:start] == made[:start]).all() and np.allclose(
            kept[start:].view("<f4"), made[start:].view("<f4"), rtol=1e-5, atol=1e-6)
        if not (same and close(expected, json.loads(text.read_text()))):
            sys.exit("whole-run.py computes other values than those in expected.json and weights.safetensors")
        print(f"{len(weights)} tensors and all values are as kept")
        return
    file.write_bytes(safetensors(weights))
    text.write_text(json.dumps(expected, separators=(",", ":")).replace('"s', '\n"s') + "\n")


main()
