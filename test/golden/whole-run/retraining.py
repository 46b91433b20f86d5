"""Retraining of the networks of the whole run, and how they and the teacher are measured."""

import numpy as np

from draws import BatchOrder
from layers import Pass, initial, is_buffer
from tape import Value, gradients
from training import OPTIMISERS, MovingAverage, learning_rate, mean_of


def retrain(world, name, architecture):
    """The training of one network: what each step told, what it came to, and the weights that are saved."""
    training = Retraining(world, name, architecture)
    training.run()
    epochs, saved = training.epochs, training.saved
    result = {key: value for key, value in epochs[-1].items() if key not in ("epoch", "loss")}
    if training.options["evaluateEvery"]:
        result |= {"best": training.best, "epochs": epochs}
    files = {kind: {one: to_file(one, value) for one, value in weights.items()} for kind, weights in saved.items()}
    return {"steps": training.told, "result": result}, files


class Retraining:
    """One network from its first weights on."""

    def __init__(self, world, name, architecture):
        self.world, self.options = world, world.configuration["retrain"]
        options, space = self.options, world.space
        self.network = space.network(
            architecture, world.images.classes, dropout=options["dropout"], drop_connect=options["dropConnect"]
        )
        random = world.random.fork("retrain", name, "initialise")
        shapes = self.network.tensors()
        self.tensors = {one: initial(one, shape, random.fork(one)) for one, shape in shapes.items()}
        self.epsilon = options.get("batchNormEpsilon", space.options["batchNormEpsilon"])
        self.momentum = options.get("batchNormMomentum", space.options["batchNormMomentum"])
        self.order = BatchOrder(world.random.fork("retrain").fork("data"), world.size("train"), options["batch"])
        self.steps = self.order.steps(options["epochs"])
        self.rate = learning_rate(options["learningRate"], self.steps, self.order.steps_per_epoch)
        self.optimiser = OPTIMISERS[options["optimiser"]["use"]](options["optimiser"])
        self.average = None
        if options["movingAverage"]:
            self.average = MovingAverage(self.tensors, options["movingAverage"], options["movingAverageWarmUp"])
        self.told, self.epochs, self.best, self.saved = [], [], None, {}

    def run(self):
        losses = []
        for step in range(self.steps):
            losses.append(self.step(step))
            self.told.append([losses[-1], self.rate(step)])
            if self.average:
                self.average.update(self.tensors)
            done = step + 1
            if done % self.order.steps_per_epoch == 0 or done == self.steps:
                self.end_epoch(done, float(np.mean(losses)))
                losses = []
        self.saved[""] = self.counting()
        if self.average:
            self.saved["raw"] = self.tensors

    def counting(self):
        """The weights that are measured and saved: their moving average, if one is kept."""
        return self.average.tensors if self.average else self.tensors

    def step(self, step):
        """A batch in parts is what as many devices make of it: statistics of each part, mean gradients, and running
        statistics that move once, to the parts' mean."""
        micro = self.options.get("microBatch") or self.options["batch"]
        parts = [self.part(step, part, micro) for part in range(self.options["batch"] // micro)]
        losses, found, buffers = zip(*parts)
        self.tensors |= mean_of(buffers)
        self.optimiser.step(self.tensors, mean_of(found), self.rate(step))
        return float(np.mean(losses))

    def part(self, step, part, micro):
        options, random = self.options, self.world.random.fork("retrain")
        own = [part] if micro < options["batch"] else []
        augment = random.fork("augment", step, *own) if options["augment"] else None
        indices = self.order.indices(step)[part * micro : (part + 1) * micro]
        images, labels = self.world.images.read("train", indices, augment, "retrain")
        targets = np.eye(self.world.images.classes)[labels]
        if options.get("mixup"):
            # A batch is mixed with itself in reverse, and so are its labels.
            mixed = random.fork("draws").fork(step, "mixup").beta(options["mixup"])
            images, targets = (mixed * one + (1 - mixed) * one[::-1] for one in (images, targets))
        draws, leaves, seen = random.fork("draws").fork(step, *own), {}, dict(self.tensors)
        run = Pass(seen, "train", self.epsilon, self.momentum, random=draws, leaves=leaves)
        loss = cross_entropy(self.network.forward(Value(images), "", run), targets, options["labelSmoothing"])
        buffers = {name: value for name, value in seen.items() if is_buffer(name)}
        return float(loss.array), gradients(loss, leaves), buffers

    def end_epoch(self, done, loss):
        """Measures after every so many epochs and at the end; 0: at the end alone, and no best epoch is kept."""
        every = self.options["evaluateEvery"] * self.order.steps_per_epoch
        if done < self.steps and (not every or done % every):
            return
        epoch = {"epoch": done / self.order.steps_per_epoch, "loss": loss, **self.measure(self.counting())}
        if self.average:
            epoch["raw"] = self.measure(self.tensors)
        self.epochs.append(epoch)
        if self.best is None or epoch["top1"] > self.best["top1"]:
            self.best = epoch
            if every:
                self.saved["best"] = dict(self.counting())

    def measure(self, tensors):
        run = Pass(tensors, "evaluate", self.epsilon)
        return accuracy(self.world, lambda images: self.network.forward(Value(images), "", run).array)


def cross_entropy(logits, targets, smoothing):
    classes = logits.shape[-1]
    wanted = (1 - smoothing) * targets + smoothing / classes
    return (logits.log_softmax() * (wanted * -classes)).mean()


def accuracy(world, classify):
    """Top-1 and top-5 on the whole test split."""
    images, labels = world.images.read("test", range(world.size("test")))
    logits = classify(images)
    own = logits[np.arange(len(labels)), labels][:, None]
    gaps = np.abs(logits - own)
    # No image may be right or wrong by the last bits of float32.
    assert np.sort(gaps, 1)[:, 1].min() > 1e-4, np.sort(gaps, 1)[:, 1].min()
    ranks = (logits > own).sum(1)
    return {"top1": float((ranks < 1).mean()), "top5": float((ranks < 5).mean())}


def to_file(name, value):
    """timm's layout: convolutions [outputs, inputs, height, width], linear layers [outputs, inputs]."""
    if value.ndim == 2:
        return value.T
    if value.ndim == 4:
        return value.transpose(2, 3, 0, 1) if "conv_dw" in name else value.transpose(3, 2, 0, 1)
    return value
