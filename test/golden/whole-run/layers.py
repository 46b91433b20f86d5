"""The layers of EfficientNets with timm's names, in float64: maps [n, height, width, channels], filters as they lie in
our memory ([height, width, inputs, outputs], depthwise [height, width, channels, 1])."""

import math
from dataclasses import dataclass, replace

import numpy as np

from tape import Value


@dataclass(frozen=True)
class Pass:
    """What a forward pass works with. `train` moves running statistics, `calibrate` sets them, `evaluate` uses them."""

    tensors: dict
    mode: str
    epsilon: float
    momentum: float = 0.1
    random: object = None
    leaves: dict | None = None

    def at(self, name):
        """For a child: its draws come from a stream of its own."""
        return replace(self, random=self.random.fork(name)) if self.random else self

    def parameter(self, name):
        if self.leaves is None:
            return Value(self.tensors[name])
        return self.leaves.setdefault(name, Value(self.tensors[name]))


def swish(x):
    return x * x.sigmoid()


class Conv:
    def __init__(self, inputs, outputs, kernel=1, stride=1, bias=False):
        self.inputs, self.outputs, self.kernel, self.stride, self.bias = inputs, outputs, kernel, stride, bias

    def tensors(self, name):
        found = {f"{name}.weight": (self.kernel, self.kernel, self.inputs, self.outputs)}
        return found | ({f"{name}.bias": (self.outputs,)} if self.bias else {})

    def forward(self, x, name, run):
        weight = run.parameter(f"{name}.weight")
        if self.kernel > 1 or self.stride > 1:
            x = x.windows(self.kernel, self.stride)
            n, h, w = x.shape[:3]
            x = x.reshape(n, h, w, -1)
        y = x @ weight.reshape(-1, self.outputs)
        return y + run.parameter(f"{name}.bias") if self.bias else y

    def cost(self, h, w):
        h, w = -(-h // self.stride), -(-w // self.stride)
        return h * w * self.kernel**2 * self.inputs * self.outputs, (h, w)


class Depthwise:
    def __init__(self, channels, kernel, stride):
        self.channels, self.kernel, self.stride = channels, kernel, stride

    def tensors(self, name):
        return {f"{name}.weight": (self.kernel, self.kernel, self.channels, 1)}

    def forward(self, x, name, run):
        weight = run.parameter(f"{name}.weight").reshape(self.kernel, self.kernel, self.channels)
        return (x.windows(self.kernel, self.stride) * weight).sum((3, 4))

    def cost(self, h, w):
        h, w = -(-h // self.stride), -(-w // self.stride)
        return h * w * self.kernel**2 * self.channels, (h, w)


class Norm:
    """Batch norm over all axes but the last. Running variances are unbiased, as PyTorch's."""

    def __init__(self, channels, activated=True):
        self.channels, self.activated = channels, activated

    def tensors(self, name):
        return {f"{name}.{part}": (self.channels,) for part in ("weight", "bias", "running_mean", "running_var")}

    def forward(self, x, name, run):
        running = (f"{name}.running_mean", f"{name}.running_var")
        if run.mode == "evaluate":
            mean, variance = (Value(run.tensors[one]) for one in running)
        else:
            axes = tuple(range(len(x.shape) - 1))
            mean = x.mean(axes)
            variance = ((x - mean) ** 2).mean(axes)
            count = x.array.size / self.channels
            share = run.momentum if run.mode == "train" else 1
            for buffer, fresh in zip(running, (mean.array, variance.array * count / (count - 1))):
                run.tensors[buffer] = (1 - share) * run.tensors[buffer] + share * fresh
        scaled = (x - mean) * (variance + run.epsilon) ** -0.5
        y = scaled * run.parameter(f"{name}.weight") + run.parameter(f"{name}.bias")
        return swish(y) if self.activated else y

    def cost(self, h, w):
        return 0, (h, w)


class Squeeze:
    def __init__(self, channels, reduced):
        self.reduce = Conv(channels, reduced, bias=True)
        self.expand = Conv(reduced, channels, bias=True)

    def tensors(self, name):
        return self.reduce.tensors(f"{name}.conv_reduce") | self.expand.tensors(f"{name}.conv_expand")

    def forward(self, x, name, run):
        squeezed = swish(self.reduce.forward(x.mean((1, 2), keep=True), f"{name}.conv_reduce", run))
        return x * self.expand.forward(squeezed, f"{name}.conv_expand", run).sigmoid()

    def cost(self, h, w):
        return self.reduce.cost(1, 1)[0] + self.expand.cost(1, 1)[0], (h, w)


class Chain:
    """Layers one after another, each under a name of its own; with `draws`, each draws by that name."""

    def __init__(self, parts, draws=False):
        self.parts, self.draws = dict(parts), draws

    def tensors(self, name=""):
        found = {}
        for part, layer in self.parts.items():
            found |= layer.tensors(joined(name, part))
        return found

    def forward(self, x, name, run):
        for part, layer in self.parts.items():
            x = layer.forward(x, joined(name, part), run.at(part) if self.draws else run)
        return x

    def cost(self, h, w):
        total = 0
        for layer in self.parts.values():
            macs, (h, w) = layer.cost(h, w)
            total += macs
        return total, (h, w)


class Block(Chain):
    """MBConv (`ir`) or depthwise-separable convolution (`ds`), with a residual where the shape stays."""

    def __init__(self, kind, inputs, outputs, kernel, stride, expansion, share, drop=0.0):
        inner = inputs * expansion
        # Squeezed channels are a share of the layer's input channels, a half rounded up.
        reduced = max(1, math.floor(inputs * share + 0.5))
        squeeze = {"se": Squeeze(inner, reduced)} if share else {}
        if kind == "ir":
            first = {"conv_pw": Conv(inputs, inner), "bn1": Norm(inner)}
            middle = {"conv_dw": Depthwise(inner, kernel, stride), "bn2": Norm(inner)}
            last = {"conv_pwl": Conv(inner, outputs), "bn3": Norm(outputs, activated=False)}
        else:
            first = {}
            middle = {"conv_dw": Depthwise(inner, kernel, stride), "bn1": Norm(inner)}
            last = {"conv_pw": Conv(inner, outputs), "bn2": Norm(outputs, activated=False)}
        super().__init__(first | middle | squeeze | last)
        self.residual = stride == 1 and inputs == outputs
        self.drop = drop

    def forward(self, x, name, run):
        y = super().forward(x, name, run)
        if not self.residual:
            return y
        if run.mode == "train" and self.drop:
            mask = drop_mask(run.random.fork("drop_connect"), x.shape[0], self.drop)
            y = y * mask.reshape(-1, 1, 1, 1)
        return y + x


class Stem(Chain):
    def __init__(self, channels, stride):
        super().__init__({"conv_stem": Conv(3, channels, 3, stride), "bn1": Norm(channels)})


class Head:
    """1×1 convolution, mean over the map, dropout, linear."""

    def __init__(self, inputs, channels, classes, dropout=0.0):
        self.map = Chain({"conv_head": Conv(inputs, channels), "bn2": Norm(channels)})
        self.channels, self.classes, self.dropout = channels, classes, dropout

    def tensors(self, name=""):
        linear = {"classifier.weight": (self.channels, self.classes), "classifier.bias": (self.classes,)}
        return self.map.tensors(name) | {joined(name, part): shape for part, shape in linear.items()}

    def forward(self, x, name, run):
        features = self.map.forward(x, name, run).mean((1, 2))
        if run.mode == "train" and self.dropout:
            mask = drop_mask(run.random.fork("dropout"), features.array.size, self.dropout)
            features = features * mask.reshape(features.shape)
        weight, bias = (run.parameter(joined(name, f"classifier.{part}")) for part in ("weight", "bias"))
        return features @ weight + bias

    def cost(self, h, w):
        return self.map.cost(h, w)[0] + self.channels * self.classes, (1, 1)


def drop_mask(random, count, rate):
    return np.where(random.uint32s(count) < rate * 2**32, 0, 1 / (1 - rate))


def joined(name, part):
    return ".".join(one for one in (name, part) if one)


def parameter_count(layer):
    sizes = [math.prod(shape) for name, shape in layer.tensors("x").items() if not is_buffer(name)]
    return sum(sizes)


def is_buffer(name):
    return name.endswith(("running_mean", "running_var"))


def initial(name, shape, random):
    """As EfficientNets are: normal of variance 2 ÷ fan-out, the linear layer uniform; by the stream of the tensor."""
    if len(shape) == 1:
        ones = name.endswith(("running_var", "weight"))
        return np.full(shape, 1.0 if ones else 0.0)
    if len(shape) == 2:
        values = (2 * random.uniforms(math.prod(shape)) - 1) / math.sqrt(shape[1])
    else:
        values = math.sqrt(2 / (shape[0] * shape[1] * shape[3])) * random.normals(math.prod(shape))
    return single(values).reshape(shape)


def single(values):
    """Rounded to float32, in which our run begins."""
    return np.asarray(values, np.float32).astype(np.float64)
