"""PyTorch's view of networks of the space of NAS-Bench-Macro, for ours to be compared with. Needs torch and numpy.

    python scripts/nas-bench-macro-reference.py > test/golden/nas-bench-macro/networks.json

Weights and images are made from names (hashed_tensors.py). Everything is computed in float64.
"""

import json

import torch
from hashed_tensors import fill, images
from torch import nn

NETWORKS = ["00000000", "10201022", "22212220"]
STAGES = [(2, 64), (3, 128), (3, 256)]
EXPANSION_AND_KERNEL = {"1": (3, 3), "2": (6, 5)}
SIZE = 32
CLASSES = 10


class Residual(nn.Sequential):
    def forward(self, x):
        y = super().forward(x)
        return x + y if x.shape == y.shape else y


def conv(inputs, outputs, kernel, stride=1, groups=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)


def layer(digit, inputs, outputs, stride):
    if digit == "0":
        if stride == 1 and inputs == outputs:
            return nn.Identity()
        return named(conv=conv(inputs, outputs, 1, stride), bn=nn.BatchNorm2d(outputs))
    expansion, kernel = EXPANSION_AND_KERNEL[digit]
    inner = inputs * expansion
    return named(
        Residual,
        conv_pw=conv(inputs, inner, 1), bn1=nn.BatchNorm2d(inner), act1=nn.ReLU(),
        conv_dw=conv(inner, inner, kernel, stride, groups=inner), bn2=nn.BatchNorm2d(inner), act2=nn.ReLU(),
        conv_pwl=conv(inner, outputs, 1), bn3=nn.BatchNorm2d(outputs),
    )


def named(kind=nn.Sequential, **parts):
    made = kind()
    for name, part in parts.items():
        made.add_module(name, part)
    return made


def network(text):
    digits, blocks, inputs = iter(text), nn.Sequential(), 32
    for layers, channels in STAGES:
        stage = nn.Sequential()
        for index in range(layers):
            stage.append(layer(next(digits), inputs, channels, 2 if index == 0 else 1))
            inputs = channels
        blocks.append(stage)
    return named(
        stem=named(conv_stem=conv(3, 32, 3), bn1=nn.BatchNorm2d(32), act=nn.ReLU()),
        blocks=blocks,
        head=named(
            conv_head=conv(inputs, 1280, 1), bn2=nn.BatchNorm2d(1280), act=nn.ReLU(),
            pool=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), classifier=nn.Linear(1280, CLASSES),
        ),
    )


def multiply_adds(model, x):
    """Of convolutions and linear layers, for one image, counted while it runs."""
    counts = []

    def count(module, _, output):
        counts.append(output[0].numel() * module.weight[0].numel())

    hooks = [module.register_forward_hook(count) for module in model.modules()
             if isinstance(module, (nn.Conv2d, nn.Linear))]
    model(x)
    for hook in hooks:
        hook.remove()
    return sum(counts)


@torch.no_grad()
def row(text):
    model, x = fill(network(text)).double().eval(), images(SIZE).double()
    running = model(x)
    macs = multiply_adds(model, x)
    batch = model.train()(x)
    params = sum(parameter.numel() for parameter in model.parameters())
    return {"architecture": text, "params": params, "macs": macs,
            "running": running.tolist(), "batch": batch.tolist()}


print(json.dumps([row(text) for text in NETWORKS], indent=1))
