"""PyTorch's side of mbconv.mjs: one MBConv6 k5 layer in training mode, asked for over stdin.

    python mbconv.py --folder DIR [--bfloat16] [--compile] [--contiguous]

DIR holds layer.safetensors and input.safetensors (NHWC), as mbconv.mjs writes them.
"""
import argparse
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from serve import serve
from timm.models._efficientnet_blocks import InvertedResidual
from torch import nn


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--bfloat16", action="store_true", help="autocast to bfloat16")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--contiguous", action="store_true", help="keeps PyTorch's own layout, NCHW")
    return parser.parse_args()


class Layer:
    def __init__(self, arguments):
        keep = arguments.contiguous
        layout = {"memory_format": torch.contiguous_format if keep else torch.channels_last}
        self.bfloat16 = arguments.bfloat16
        layer = InvertedResidual(40, 40, dw_kernel_size=5, exp_ratio=6, act_layer=nn.SiLU)
        layer.load_state_dict(load_file(arguments.folder / "layer.safetensors"), strict=False)
        layer.to(**layout).train()
        self.names, self.parameters = zip(*layer.named_parameters())
        self.layer = torch.compile(layer) if arguments.compile else layer
        images = load_file(arguments.folder / "input.safetensors")["input"]
        self.input = images.permute(0, 3, 1, 2).contiguous(**layout).requires_grad_()

    def run(self):
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16):
            return self.layer(self.input)

    def forward(self, _):
        """The layer as training runs it, without a gradient."""
        began = time.perf_counter()
        with torch.no_grad():
            self.run()
        return {"seconds": time.perf_counter() - began}

    def both(self, _):
        """Forward, mean, and the gradients of the input and all parameters."""
        began = time.perf_counter()
        torch.autograd.grad(self.run().mean(), [self.input, *self.parameters])
        return {"seconds": time.perf_counter() - began}

    def check(self, _):
        """The sums of squares of the output and of each gradient by name, to compare both sides' work."""
        output = self.run()
        gradients = torch.autograd.grad(output.square().mean(), [self.input, *self.parameters])
        tensors = zip(["output", "input", *self.names], [output, *gradients])
        return {name: tensor.double().square().sum().item() for name, tensor in tensors}


if __name__ == "__main__":
    layer = Layer(read_arguments())
    serve({"forward": layer.forward, "both": layer.both, "check": layer.check})
