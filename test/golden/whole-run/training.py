"""Optimisers, schedules and the moving average, in float64."""

import math

import numpy as np


def learning_rate(options, steps, steps_per_epoch):
    """By the step, from 0. Schedules count epochs, with fractions; a warm-up hides the schedule's beginning."""
    rate = options["rate"]
    curves = {
        "step": lambda epoch: rate * options["factor"] ** math.floor(epoch / options["every"] + 1e-9),
        "exponential": lambda epoch: rate * options["factor"] ** (epoch / options["every"]),
        "cosine": lambda epoch: options.get("final", 0)
        + (rate - options.get("final", 0)) * (1 + math.cos(math.pi * epoch * steps_per_epoch / steps)) / 2,
    }
    curve = curves[options["use"]]
    rise, start = options.get("warmUpEpochs", 0), options.get("warmUpFrom", 0)

    def at(step):
        epoch = step / steps_per_epoch
        return start + (rate - start) * epoch / rise if epoch < rise else curve(epoch)

    return at


class Adam:
    """PyTorch's, with coupled decay, none of one-dimensional parameters. Each parameter counts its own steps: one off a
    step's paths keeps value, moments and count."""

    def __init__(self, options):
        self.beta1, self.beta2 = options.get("beta1", 0.9), options.get("beta2", 0.999)
        self.epsilon, self.decay = options.get("epsilon", 1e-8), options.get("weightDecay", 0)
        self.known = {}

    def step(self, tensors, gradients, rate):
        for name, gradient in gradients.items():
            value = tensors[name]
            gradient = gradient + (self.decay * value if value.ndim > 1 else 0)
            mean, square, count = self.known.get(name, (0, 0, 0))
            mean = self.beta1 * mean + (1 - self.beta1) * gradient
            square = self.beta2 * square + (1 - self.beta2) * gradient**2
            count += 1
            self.known[name] = mean, square, count
            root = np.sqrt(square / (1 - self.beta2**count)) + self.epsilon
            tensors[name] = value - rate * mean / (1 - self.beta1**count) / root


class RMSProp:
    """TensorFlow's: the mean square begins at 1, epsilon is inside the root, the rate inside the momentum."""

    def __init__(self, options):
        self.keep, self.momentum = options.get("decay", 0.9), options.get("momentum", 0.9)
        self.epsilon, self.decay = options.get("epsilon", 1e-3), options.get("weightDecay", 0)
        self.known = {}

    def step(self, tensors, gradients, rate):
        for name, gradient in gradients.items():
            value = tensors[name]
            gradient = gradient + (self.decay * value if value.ndim > 1 else 0)
            square, buffer = self.known.get(name, (1, 0))
            square = self.keep * square + (1 - self.keep) * gradient**2
            buffer = self.momentum * buffer + rate * gradient / np.sqrt(square + self.epsilon)
            self.known[name] = square, buffer
            tensors[name] = value - buffer


OPTIMISERS = {"adam": Adam, "rmsprop": RMSProp}


class MovingAverage:
    """Of all tensors, running statistics too."""

    def __init__(self, tensors, decay, warm_up):
        self.tensors, self.decay, self.warm_up, self.updates = dict(tensors), decay, warm_up, 0

    def update(self, tensors):
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates)) if self.warm_up else self.decay
        for name, value in tensors.items():
            self.tensors[name] = decay * self.tensors[name] + (1 - decay) * value


def mean_of(dictionaries, count=None):
    """Name by name, over as many as there are; one without a name counts as zero there."""
    names = {name: None for one in dictionaries for name in one}
    return {name: sum(one.get(name, 0) for one in dictionaries) / (count or len(dictionaries)) for name in names}
