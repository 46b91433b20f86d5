"""Teacher, student cells and retrained networks of the whole run, and what they cost."""

import itertools
import re

import numpy as np

from draws import Stream
from layers import Block, Chain, Head, Pass, Stem, initial, joined, parameter_count, single
from tape import Value


def parse_layer(text):
    """timm's notation without repeats: `ir_r1_k3_s2_e2_c16_se0.25`."""
    kind, *fields = text.split("_")
    pairs = (re.match(r"([a-z]+)([\d.]+)$", field).groups() for field in fields)
    values = {name: float(value) for name, value in pairs}
    whole = {name: int(values.get(name, 1)) for name in ("k", "s", "e", "c")}
    return {"kind": kind, "kernel": whole["k"], "stride": whole["s"], "expansion": whole["e"],
            "channels": whole["c"], "share": values.get("se", 0)}


class EfficientNet(Chain):
    """Stem, stages of blocks, head. Drop-connect rises in a line from 0 at the first block."""

    def __init__(self, stem, stages, head, classes, dropout=0.0, drop_connect=0.0):
        channels, made = stem[0], []
        total = sum(len(stage) for stage in stages)
        for stage in stages:
            blocks = {}
            for layer in stage:
                index = sum(len(one) for one in made) + len(blocks)
                blocks[str(len(blocks))] = make_block(layer, channels, drop_connect * index / total)
                channels = layer["channels"]
            made.append(blocks)
        self.stages = [Chain(blocks, draws=True) for blocks in made]
        self.stem = Stem(*stem)
        self.blocks = Chain({str(at): stage for at, stage in enumerate(self.stages)}, draws=True)
        self.head = Head(channels, head, classes, dropout)
        super().__init__({})

    def tensors(self, name=""):
        return self.stem.tensors() | self.blocks.tensors("blocks") | self.head.tensors()

    def forward(self, x, _, run):
        x = self.stem.forward(x, "", run.at("stem"))
        x = self.blocks.forward(x, "blocks", run.at("blocks"))
        return self.head.forward(x, "", run.at("head"))

    def features(self, x, run, last):
        """The maps behind the stages up to one, each after its last batch norm."""
        x, found = self.stem.forward(x, "", run), []
        for at, stage in enumerate(self.stages[: last + 1]):
            x = stage.forward(x, f"blocks.{at}", run)
            found.append(x)
        return found

    def cost(self, h, w):
        total = 0
        for part in (self.stem, self.blocks, self.head):
            macs, (h, w) = part.cost(h, w)
            total += macs
        return total, (h, w)


def make_block(layer, inputs, drop=0.0, outputs=None):
    return Block(
        layer["kind"], inputs, outputs or layer["channels"], layer["kernel"], layer["stride"], layer["expansion"],
        layer["share"], drop,
    )


class Space:
    """The cells that compete for each block, and their operations."""

    def __init__(self, options):
        self.options = options
        self.operations = list(itertools.product(options["kernels"], options["expansions"]))
        stem = options["stem"]
        self.stem = (stem["channels"], stem["stride"])
        self.separable = {"kind": "ds", "kernel": 3, "stride": 1, "expansion": 1, "channels": stem["separable"],
                          "share": options["squeezeExcite"]}

    def cells(self, block):
        return self.options["blocks"][block]["cells"]

    def layer(self, block, cell, index, operation):
        kernel, expansion = self.operations[operation]
        stride = self.options["blocks"][block]["stride"] if index == 0 else 1
        return {"kind": "ir", "kernel": kernel, "stride": stride, "expansion": expansion,
                "channels": self.cells(block)[cell]["channels"], "share": self.options["squeezeExcite"]}

    def candidates(self, block):
        """Every cell and path; a cell's paths count up with the last layer fastest."""
        for cell, one in enumerate(self.cells(block)):
            for path in itertools.product(range(len(self.operations)), repeat=one["layers"]):
                yield cell, path

    def network(self, architecture, classes, **drops):
        stages = [[self.layer(block, cell, at, operation) for at, operation in enumerate(path)]
                  for block, (cell, path) in enumerate(architecture)]
        return EfficientNet(self.stem, [[self.separable], *stages], self.options["head"], classes, **drops)

    def entrance(self):
        """Stem and separable layer belong to the first block."""
        return Chain({"0": Stem(*self.stem), "1": make_block(self.separable, self.stem[0])})


class Cell:
    """All operations of all layers. The last layer puts out the teacher's channels."""

    def __init__(self, space, block, cell, channels):
        """`channels`: the teacher's, of the block's input and output."""
        self.block = block
        self.entrance = space.entrance() if block == 0 else None
        width, depth = (space.cells(block)[cell][part] for part in ("channels", "layers"))
        inputs = space.separable["channels"] if block == 0 else channels[0]
        self.choices = [len(space.operations)] * depth
        self.layers = []
        for at in range(depth):
            outputs = channels[1] if at == depth - 1 else width
            self.layers.append([make_block(space.layer(block, cell, at, operation), inputs, outputs=outputs)
                                for operation in range(len(space.operations))])
            inputs = outputs

    def parts(self, path=None):
        """Name and layer of everything, or of what a path uses."""
        found = {"entrance": self.entrance} if self.entrance else {}
        for at, operations in enumerate(self.layers):
            for operation in range(len(operations)) if path is None else [path[at]]:
                found[operation_name(at, operation)] = operations[operation]
        return found

    def names(self, path=None):
        return [name for part, layer in self.parts(path).items() for name in layer.tensors(part)]

    def initialised(self, random):
        found = {}
        for part, layer in self.parts().items():
            for name, shape in layer.tensors().items():
                found[joined(part, name)] = initial(name, shape, random.fork(part).fork(name))
        return found

    def forward(self, x, path, run, prefix=""):
        for part, layer in self.parts(path).items():
            x = layer.forward(x, prefix + part, run)
        return x


def operation_name(layer, operation):
    return f"layers.{layer}.operations.{operation}"


class Teacher:
    """The teacher of the test: drawn weights, and batch norms that are not trivial."""

    def __init__(self, options, classes):
        table = options["architecture"]
        self.image, self.statistics, self.epsilon = options["image"], options["statistics"], table["batchNormEpsilon"]
        stages = [[parse_layer(text) for text in stage.split()] for stage in table["stages"]]
        self.channels = [stage[-1]["channels"] for stage in stages]
        self.network = EfficientNet((table["stem"], 2), stages, table["head"], classes)
        random = Stream.of_seed("whole run teacher")
        self.tensors = {}
        for name, shape in self.network.tensors().items():
            drawn = random.fork(name)
            self.tensors[name] = initial(name, shape, drawn)
            if len(shape) == 1:
                least = 0.5 if name.endswith(("running_var", "weight")) else -0.5
                self.tensors[name] = single(least + drawn.uniforms(shape[0]))

    def features(self, images, last):
        # By the batch's statistics: those of the whole batch, which are not kept.
        mode = "calibrate" if self.statistics == "batch" else "evaluate"
        run = Pass(dict(self.tensors), mode, self.epsilon)
        return [map.array for map in self.network.features(Value(self.resized(images)), run, last)]

    def logits(self, images):
        """By the running statistics in any case."""
        run = Pass(self.tensors, "evaluate", self.epsilon)
        return self.network.forward(Value(self.resized(images)), "", run).array

    def resized(self, images):
        return resize_map(images, self.image["height"], self.image["width"])

    def cost(self):
        return {"macs": self.network.cost(self.image["height"], self.image["width"])[0],
                "params": parameter_count(self.network)}


def resize_map(x, height, width):
    """The mean of each window where sizes divide, bilinear between the centres of pixels elsewhere."""
    n, h, w, c = x.shape
    if (h, w) == (height, width):
        return x
    if h % height == 0 and w % width == 0:
        return x.reshape(n, height, h // height, width, w // width, c).mean((2, 4))
    for axis, before, after in ((1, h, height), (2, w, width)):
        at = np.clip((np.arange(after) + 0.5) * before / after - 0.5, 0, before - 1)
        low = np.floor(at).astype(int)
        high, share = np.minimum(low + 1, before - 1), at - low
        share = share.reshape([-1 if one == axis else 1 for one in range(4)])
        x = np.take(x, low, axis) * (1 - share) + np.take(x, high, axis) * share
    return x


def network_cost(space, architecture, classes, side):
    network = space.network(architecture, classes)
    return {"macs": network.cost(side, side)[0], "params": parameter_count(network)}

