"""Reverse-mode differentiation of float64 arrays: each operation keeps what leads from its gradient to its inputs'."""

import numpy as np


class Value:
    """An array and how it was made."""

    def __init__(self, array, parents=()):
        self.array = np.asarray(array, np.float64)
        self.parents = parents
        self.gradient = None

    @property
    def shape(self):
        return self.array.shape

    def __add__(self, other):
        other = constant(other)
        return Value(
            self.array + other.array,
            ((self, lambda d: fit(d, self.shape)), (other, lambda d: fit(d, other.shape))),
        )

    def __mul__(self, other):
        other = constant(other)
        return Value(
            self.array * other.array,
            ((self, lambda d: fit(d * other.array, self.shape)), (other, lambda d: fit(d * self.array, other.shape))),
        )

    def __sub__(self, other):
        return self + constant(other) * -1.0

    def __pow__(self, power):
        return Value(self.array**power, ((self, lambda d: d * power * self.array ** (power - 1)),))

    def __matmul__(self, other):
        """[.., a] by [a, b]"""
        rows = self.array.reshape(-1, self.shape[-1])
        back = lambda d: (d.reshape(-1, d.shape[-1]) @ other.array.T).reshape(self.shape)
        return Value(self.array @ other.array, ((self, back), (other, lambda d: rows.T @ d.reshape(-1, d.shape[-1]))))

    def mean(self, axes=None, keep=False):
        found = self.array.mean(axis=axes, keepdims=True)
        count = self.array.size / found.size
        out = found if keep else found.reshape([n for axis, n in enumerate(self.shape) if axes and axis not in axes])
        return Value(out, ((self, lambda d: np.broadcast_to(d.reshape(found.shape) / count, self.shape)),))

    def reshape(self, *shape):
        return Value(self.array.reshape(shape), ((self, lambda d: d.reshape(self.shape)),))

    def sigmoid(self):
        found = 1 / (1 + np.exp(-self.array))
        return Value(found, ((self, lambda d: d * found * (1 - found)),))

    def log_softmax(self):
        shifted = self.array - self.array.max(-1, keepdims=True)
        found = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
        return Value(found, ((self, lambda d: d - np.exp(found) * d.sum(-1, keepdims=True)),))

    def windows(self, kernel, stride):
        """[n, h, w, c] → [n, h', w', kernel, kernel, c], padded as TensorFlow's SAME."""
        n, h, w, c = self.shape
        (out_h, top, bottom), (out_w, left, right) = (same_padding(size, kernel, stride) for size in (h, w))
        padded = np.pad(self.array, ((0, 0), (top, bottom), (left, right), (0, 0)))
        places = [(row, column) for row in range(kernel) for column in range(kernel)]
        of = lambda row, column: (
            slice(None),
            slice(row, row + stride * (out_h - 1) + 1, stride),
            slice(column, column + stride * (out_w - 1) + 1, stride),
        )
        found = np.stack([padded[of(*place)] for place in places], 3).reshape(n, out_h, out_w, kernel, kernel, c)

        def back(d):
            into = np.zeros_like(padded)
            for row, column in places:
                into[of(row, column)] += d[:, :, :, row, column]
            return into[:, top : top + h, left : left + w]

        return Value(found, ((self, back),))

    def sum(self, axes):
        found = self.array.sum(axis=axes)
        wide = np.expand_dims(found, axes).shape
        return Value(found, ((self, lambda d: np.broadcast_to(d.reshape(wide), self.shape)),))


def constant(value):
    return value if isinstance(value, Value) else Value(value)


def fit(d, shape):
    """Adds a gradient up over the axes that were broadcast."""
    d = d.sum(axis=tuple(range(d.ndim - len(shape))))
    axes = tuple(axis for axis, extent in enumerate(shape) if extent == 1 and d.shape[axis] > 1)
    return d.sum(axis=axes, keepdims=True) if axes else d


def same_padding(size, kernel, stride):
    out = -(-size // stride)
    total = max(0, (out - 1) * stride + kernel - size)
    return out, total // 2, total - total // 2


def gradients(loss, leaves):
    """Of a scalar in each leaf, zero where the loss does not depend on it."""
    order, seen = [], set()

    def visit(value):
        if id(value) in seen:
            return
        seen.add(id(value))
        for parent, _ in value.parents:
            visit(parent)
        order.append(value)

    visit(loss)
    found = {id(loss): np.ones(loss.shape)}
    for value in reversed(order):
        d = found.get(id(value))
        for parent, back in value.parents:
            found[id(parent)] = found.get(id(parent), 0) + back(d)
    return {name: found.get(id(leaf), np.zeros(leaf.shape)) for name, leaf in leaves.items()}
