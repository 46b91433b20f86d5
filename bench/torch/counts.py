"""Parameters and multiply-adds of a path, counted where PyTorch computes them."""
import torch
from torch import nn


def count_path(teacher, features, cells, path):
    """
    {"teacherMacs", "macs": a number a block, "parameters": a number a block}; multiply-adds are of one image, the
    teacher's with its head. `features`: those of one image, the image first.
    """
    counts = {"teacherMacs": count(teacher, features[0]), "macs": [], "parameters": []}
    for x, cell, choice in zip(features, cells, path):
        counts["macs"].append(count(cell, x.float(), choice))
        counts["parameters"].append(parameters(cell.used(choice)))
    return counts


def parameters(modules):
    return sum(parameter.numel() for module in modules for parameter in module.parameters())


def count(module, *inputs):
    """Multiply-adds of all convolutions and linear layers that the inputs go through, in evaluation mode."""
    total = 0

    def add(layer, _, output):
        nonlocal total
        total += output[0].numel() * layer.weight[0].numel()

    layers = [part for part in module.modules() if isinstance(part, (nn.Conv2d, nn.Linear))]
    hooks = [layer.register_forward_hook(add) for layer in layers]
    was_training = module.training
    module.eval()
    with torch.no_grad():
        module(*inputs)
    module.train(was_training)
    for hook in hooks:
        hook.remove()
    return total
