"""The networks of step.py, of timm's layers: a teacher cut into six blocks, and one cell a block of `paths.json`.
Names are those of our own tensors, so that either side's weights load into the other."""
from functools import partial

import timm
import torch
from timm.layers import BatchNormAct2d
from timm.models._efficientnet_blocks import DepthwiseSeparableConv, InvertedResidual, SqueezeExcite
from torch import nn


def load_teacher(name):
    """A teacher with random weights, whose running statistics are those of noise: its features keep their scale."""
    model = timm.create_model(name)
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
    with torch.no_grad():
        model.train().forward_features(torch.randn(8, 3, 224, 224))
    for norm in norms:
        norm.momentum = 0.1
    return model.eval()


def teacher_blocks(model):
    """The stem belongs to the first block, as do the two first stages."""
    stages = list(model.blocks)
    first = nn.Sequential(model.conv_stem, model.bn1, stages[0], stages[1])
    return [first, *stages[2:]]


class Stem(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv_stem = nn.Conv2d(3, channels, 3, stride=2, padding=1, bias=False)
        self.bn1 = BatchNormAct2d(channels, act_layer=nn.SiLU)

    def forward(self, x):
        return self.bn1(self.conv_stem(x))


class Layer(nn.Module):
    """All operations of a layer; squeezed channels are a share of the layer's input, as in EfficientNet."""

    def __init__(self, inputs, outputs, stride, space):
        super().__init__()
        ratio = space["squeezeExcite"]
        self.operations = nn.ModuleList(
            InvertedResidual(
                inputs,
                outputs,
                dw_kernel_size=kernel,
                stride=stride,
                exp_ratio=expansion,
                act_layer=nn.SiLU,
                se_layer=partial(SqueezeExcite, rd_ratio=ratio / expansion),
            )
            for kernel in space["kernels"]
            for expansion in space["expansions"]
        )


class Cell(nn.Module):
    def __init__(self, inputs, outputs, block, space):
        super().__init__()
        stem = space["stem"]
        self.entrance = nn.Identity()
        if inputs == 3:
            se = partial(SqueezeExcite, rd_ratio=space["squeezeExcite"])
            separable = DepthwiseSeparableConv(
                stem["channels"], stem["separable"], 3, act_layer=nn.SiLU, se_layer=se
            )
            self.entrance = nn.Sequential(Stem(stem["channels"]), separable)
            inputs = stem["separable"]
        (cell,) = block["cells"]
        widths = [inputs, *[cell["channels"]] * (cell["layers"] - 1), outputs]
        strides = [block["stride"], *[1] * (cell["layers"] - 1)]
        self.layers = nn.ModuleList(
            Layer(*shape, stride, space) for *shape, stride in zip(widths, widths[1:], strides)
        )

    def forward(self, x, path):
        x = self.entrance(x)
        for layer, operation in zip(self.layers, path):
            x = layer.operations[operation](x)
        return x

    def used(self, path):
        """The modules of a path."""
        return [self.entrance, *(layer.operations[choice] for layer, choice in zip(self.layers, path))]


def student_cells(blocks, space):
    """One cell a block; its input and output are the teacher's features there."""
    with torch.no_grad():
        features = [torch.zeros(1, 3, 224, 224)]
        for block in blocks:
            features.append(block(features[-1]))
    widths = [feature.shape[1] for feature in features]
    shapes = zip(widths, widths[1:], space["blocks"])
    return [Cell(inputs, outputs, block, space) for inputs, outputs, block in shapes]
