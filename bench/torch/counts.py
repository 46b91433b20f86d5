"""Parameters and multiply-adds of a path, counted where PyTorch computes them."""
import torch
from torch import nn


def count_path(blocks, cells, path):
    """{"teacherMacs", "macs": a number a block, "parameters": a number a block}; multiply-adds are of one image."""
    device = next(cells[0].parameters()).device
    kind = next(blocks[0].parameters()).dtype
    x = torch.zeros(1, 3, 224, 224, device=device, dtype=kind)
    counts = {"teacherMacs": 0, "macs": [], "parameters": []}
    for block, cell, choice in zip(blocks, cells, path):
        modules = [module for part in cell.used(choice) for module in part.modules()]
        counts["macs"].append(count(cell, lambda cell=cell, x=x, choice=choice: cell(x.float(), choice)))
        counts["parameters"].append(parameters(modules))
        features = []
        counts["teacherMacs"] += count(block, lambda block=block, x=x, features=features: features.append(block(x)))
        (x,) = features
    return counts


def parameters(modules):
    return sum(parameter.numel() for module in modules for parameter in module.parameters(recurse=False))


def count(module, run):
    """Multiply-adds of all convolutions that `run` goes through, in evaluation mode."""
    total = 0

    def add(convolution, _, output):
        nonlocal total
        total += output[0].numel() * convolution.weight[0].numel()

    convolutions = [part for part in module.modules() if isinstance(part, nn.Conv2d)]
    hooks = [convolution.register_forward_hook(add) for convolution in convolutions]
    was_training = module.training
    module.eval()
    with torch.no_grad():
        run()
    module.train(was_training)
    for hook in hooks:
        hook.remove()
    return total
