"""Weights and images made from names by a hash of 32-bit integers, for comparisons with PyTorch.

The tests repeat it (test/conformance/hashed-tensors.ts): nothing large is kept.
"""

import numpy
import torch

PROJECTIONS = 8
IMAGES = 2


def seed_of(text):
    seed = 0x811C9DC5
    for byte in text.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    return seed


def bits(text, count):
    """count 32-bit integers that depend on a text and their place alone."""
    with numpy.errstate(over="ignore"):
        x = numpy.arange(count, dtype=numpy.uint32) * numpy.uint32(0x9E3779B9) + numpy.uint32(seed_of(text))
        x ^= x >> 16
        x *= numpy.uint32(0x85EBCA6B)
        x ^= x >> 13
        x *= numpy.uint32(0xC2B2AE35)
        return x ^ (x >> 16)


def uniform(text, shape, low, high):
    count = int(numpy.prod(shape))
    values = low + (high - low) * (bits(text, count).astype(numpy.float64) / 2**32)
    return torch.from_numpy(values.astype(numpy.float32).reshape(shape))


def bounds(name, shape):
    if name.endswith("running_mean") or name.endswith("bias"):
        return -0.1, 0.1
    if name.endswith("running_var"):
        return 0.5, 1.5
    if len(shape) == 1:
        return 0.3, 0.9
    bound = (6 / numpy.prod(shape[1:], dtype=numpy.float64)) ** 0.5
    return -bound, bound


def fill(network):
    """Gives every tensor of a network the values of its name; returns the network."""
    state = network.state_dict()
    made = {key: uniform(key, tuple(value.shape), *bounds(key, value.shape)) if value.is_floating_point() else value
            for key, value in state.items()}
    network.load_state_dict(made)
    return network


def images(size):
    return uniform(f"images {size}", (IMAGES, 3, size, size), -1.7, 1.7)


def summary(value):
    """Norm, and sums with random signs, whose differences tell the distance of whole tensors."""
    flat = value.numpy().astype(numpy.float64).ravel()
    signs = 1 - 2 * (bits("signs", flat.size * PROJECTIONS).reshape(-1, PROJECTIONS) >> 31).astype(numpy.float64)
    return {"shape": list(value.shape), "norm": float(numpy.linalg.norm(flat)), "sums": (flat @ signs).tolist()}
