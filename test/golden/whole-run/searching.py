"""Distillation by the three strategies, rating and search of the whole run."""

import itertools

import numpy as np

from draws import BatchOrder
from layers import Pass, is_buffer, single
from networks import Cell, network_cost
from tape import Value, gradients
from training import OPTIMISERS, learning_rate, mean_of

EARLIER = "earlier.b{}.c{}."


class Search:
    """One run up to the network that it finds. `world`: images, teacher, space, seed's stream, configuration."""

    def __init__(self, world):
        self.world = world
        self.space, self.options = world.space, world.configuration["distill"]
        self.strategy = self.options["use"]
        self.weights, self.steps, self.ratings = {}, {}, {}
        blocks = self.space.options["blocks"]
        self.places = [(block, cell) for block, one in enumerate(blocks) for cell in range(len(one["cells"]))]
        self.batch = self.options.get("batch") or self.options["microBatch"] * self.options["pathsPerStep"]

    def run(self):
        """The blockwise strategy trains all cells at once; the others block after block, each rated before the next."""
        for block, cell in self.places:
            self.train(block, cell)
            if self.strategy == "blockwise":
                continue
            if cell == len(self.space.cells(block)) - 1:
                self.rate_block(block)
        if self.strategy == "blockwise":
            for block in range(len(self.world.sizes)):
                self.rate_block(block)

    def rate_block(self, block):
        for cell in range(len(self.space.cells(block))):
            self.ratings[block, cell] = self.rate(block, cell)

    def cell(self, block, cell):
        return Cell(self.space, block, cell, self.world.channels(block))

    def best(self, block, count):
        """Best-rated candidates over all cells of a block."""
        rated = [(rating, cell, path) for (at, cell), found in self.ratings.items() if at == block
                 for path, rating in found.items()]
        ordered = sorted(rated)
        # Which one is better must not hang on the last bits of float32.
        assert all(b[0] - a[0] > 2e-4 * a[0] for a, b in itertools.pairwise(ordered[: count + 1])), ordered
        return [(cell, path) for _, cell, path in ordered[:count]]

    def train(self, block, cell):
        options, world = self.options, self.world
        student, random = self.cell(block, cell), world.random.fork("cell", block, cell)
        tensors = student.initialised(random.fork("initialise"))
        earlier = self.earlier(block, random.fork("initialise"), tensors)
        order = BatchOrder(world.random.fork("distill", "data"), world.size("train"), self.batch)
        steps = order.steps(options["epochs"])
        rate = learning_rate(options["learningRate"], steps, order.steps_per_epoch)
        factors = options["learningRateFactors"]
        factor = factors[block] if block < len(factors) else 1
        optimiser = OPTIMISERS[options["optimiser"]["use"]](options["optimiser"])
        told = []
        for step in range(steps):
            augment = world.random.fork("distill", "augment").fork(step) if options["augment"] else None
            images, _ = world.images.read("train", order.indices(step), augment, "distill")
            given, target = world.borders(images, block)
            given = given if self.strategy == "blockwise" else images
            losses, found = [], []
            for share in range(options["pathsPerStep"]):
                draw = step * options["pathsPerStep"] + share
                rows = slice(share * self.batch // options["pathsPerStep"],
                             (share + 1) * self.batch // options["pathsPerStep"])
                loss, gradient = self.backward(student, tensors, (given[rows], target[rows]), earlier, random, draw)
                losses.append(loss)
                found.append(gradient)
            optimiser.step(tensors, mean_of(found), factor * rate(step))
            told.append([np.mean(losses), factor * rate(step)])
        self.weights[block, cell] = tensors
        self.steps[block, cell] = told

    def earlier(self, block, random, tensors):
        """The blocks before, each with its best-rated paths. S1 trains them again from scratch, S2 keeps them."""
        if self.strategy == "blockwise":
            return []
        found = []
        for before in range(block):
            choices = self.best(before, self.options["earlierPaths"])
            found.append((before, choices))
            for cell, path in choices if self.strategy == "progressive-s1" else []:
                prefix = EARLIER.format(before + 1, cell + 1)
                student = self.cell(before, cell)
                initial = student.initialised(random.fork(prefix[:-1]))
                # Of an earlier cell only what its paths use is trained and kept.
                tensors |= {prefix + name: initial[name] for name in student.names(path)}
        return found

    def backward(self, student, tensors, features, earlier, random, draw):
        """Loss and gradients of one drawn path on its share of the batch."""
        options = self.space.options
        choices = [len(candidates) for _, candidates in earlier] + student.choices
        path = self.draw_path(choices, random.fork("path"), draw)
        leaves = {}
        run = Pass(tensors, "train", options["batchNormEpsilon"], options["batchNormMomentum"], leaves=leaves)
        x = Value(features[0])
        for (before, candidates), chosen in zip(earlier, path):
            x = self.run_earlier(before, candidates[chosen], x, run)
        y = student.forward(x, path[len(earlier) :], run)
        loss = ((y - features[1]) ** 2).mean()
        return float(loss.array), gradients(loss, leaves)

    def draw_path(self, choices, random, draw):
        """`fair` uses each of a layer's operations once in as many draws, in an order of the layer's own."""
        if self.world.configuration["supernet"]["sampling"] == "uniform":
            return [random.fork(draw, layer).integer(count) for layer, count in enumerate(choices)]
        orders = [random.fork(draw // count, layer).permutation(count) for layer, count in enumerate(choices)]
        return [order[draw % count] for order, count in zip(orders, choices)]

    def run_earlier(self, before, candidate, x, run):
        cell, path = candidate
        student = self.cell(before, cell)
        if self.strategy == "progressive-s1":
            return student.forward(x, path, run, EARLIER.format(before + 1, cell + 1))
        # Frozen: by the statistics of the batch, which are not kept, and without a gradient.
        frozen = Pass(dict(self.weights[before, cell]), "calibrate", run.epsilon)
        return Value(student.forward(x, path, frozen).array)

    def rate(self, block, cell):
        """Of each path: relative L1 on the validation split, by statistics of its own from the calibration."""
        options, epsilon = self.world.configuration["rank"], self.space.options["batchNormEpsilon"]
        student, weights = self.cell(block, cell), self.weights[block, cell]
        paths = itertools.product(*(range(count) for count in student.choices))
        before = self.own_input(block, cell)
        found = {}
        for path in paths:
            tensors = self.calibrated(student, path, weights, before)
            sums = []
            for images in self.rank_batches("validation", "validation", options["batches"]):
                given, target = self.world.borders(images, block)
                x = self.through(before, images, "evaluate") if before is not None else given
                y = student.forward(Value(x), path, Pass(tensors, "evaluate", epsilon)).array
                sums.append(np.abs(target - y).mean() / target.std())
            # Ratings are kept as float32.
            found[path] = float(single(np.mean(sums)))
        return found

    def rank_batches(self, split, purpose, count):
        order = BatchOrder(self.world.random.fork("rank", purpose), self.world.size(split),
                           self.world.configuration["rank"]["batch"])
        for index in range(count):
            yield self.world.images.read(split, order.indices(index))[0]

    def calibration(self):
        options = self.world.configuration["rank"]
        return self.rank_batches(options.get("calibrationSplit", "train"), "calibration", options["calibrationBatches"])

    def calibrated(self, student, path, weights, before):
        """Statistics are the mean over the batches of the calibration, which are not augmented."""
        batches = self.calibration()
        seen = []
        for images in batches:
            tensors = dict(weights)
            teachers = self.world.borders(images, student.block)[0]
            x = teachers if before is None else self.through(before, images, "calibrate")
            student.forward(Value(x), path, Pass(tensors, "calibrate", self.space.options["batchNormEpsilon"]))
            seen.append({name: tensors[name] for name in student.names(path) if is_buffer(name)})
        return weights | mean_of(seen)

    def own_input(self, block, cell):
        """What gave a cell its input where the teacher did not: the blocks before along their best path, each with the
        weights that it had in the training, and statistics from the calibration."""
        if self.strategy == "blockwise" or block == 0:
            return None
        parts = []
        for before in range(block):
            chosen, path = self.best(before, 1)[0]
            weights = dict(self.weights[before, chosen])
            if self.strategy == "progressive-s1":
                prefix = EARLIER.format(before + 1, chosen + 1)
                own = self.weights[block, cell]
                weights |= {name[len(prefix) :]: value for name, value in own.items() if name.startswith(prefix)}
            parts.append((self.cell(before, chosen), path, weights))
        batches = self.calibration()
        seen = []
        for images in batches:
            kept = [(student, path, dict(weights)) for student, path, weights in parts]
            self.through(kept, images, "calibrate", keep=True)
            seen.append([{name: value for name, value in weights.items() if is_buffer(name)} for _, _, weights in kept])
        means = [mean_of([one[at] for one in seen]) for at in range(len(parts))]
        return [(student, path, weights | mean) for (student, path, weights), mean in zip(parts, means)]

    def through(self, parts, images, mode, keep=False):
        x = Value(images)
        for student, path, weights in parts:
            run = Pass(weights if keep else dict(weights), mode, self.space.options["batchNormEpsilon"])
            x = student.forward(x, path, run)
        return x.array


def find_network(world, ratings):
    """The best networks within the limits, the front against the first limited cost, and a random one: by listing."""
    options, space = world.configuration["search"], world.space
    blocks = [list(space.candidates(block)) for block in range(len(world.sizes))]
    networks = []
    for candidates in itertools.product(*(range(len(one)) for one in blocks)):
        architecture = [blocks[at][number] for at, number in enumerate(candidates)]
        costs = network_cost(space, architecture, world.images.classes, world.side)
        rating = sum(ratings[block, cell][path] for block, (cell, path) in enumerate(architecture))
        networks.append({"candidates": candidates, "architecture": architecture, "rating": rating, "costs": costs})
    limits = options["limits"]
    fits = [one for one in networks if all(one["costs"][cost] <= limit for cost, limit in limits.items())]
    fits.sort(key=lambda one: one["rating"])
    ratings = [one["rating"] for one in fits[: options["top"] + 1]]
    assert all(b - a > 2e-4 * a for a, b in itertools.pairwise(ratings)), ratings
    best = fits[0]
    assert min(networks, key=lambda one: one["rating"]) is not best, "the limit does not bind"
    first = next(iter(limits))
    front = []
    for one in fits:
        if not front or one["costs"][first] < front[-1]["costs"][first]:
            front.append(one)
    return {"best": best, "top": fits[: options["top"]], "front": front,
            "random": random_network(world, networks, fits, best)}


def random_network(world, networks, fits, best):
    """Drawn until macs and params are within 2 % of the best's; else the nearest of 20,000 draws. Within the limits."""
    by_candidates = {one["candidates"]: one for one in networks}
    counts = [len(list(world.space.candidates(block))) for block in range(len(world.sizes))]
    within, nearest = {one["candidates"] for one in fits}, None
    for draw in range(20_000):
        stream = world.random.fork("search").fork("random", draw)
        candidates = tuple(stream.integer(count) for count in counts)
        if candidates == best["candidates"] or candidates not in within:
            continue
        one = by_candidates[candidates]
        distance = max(abs(one["costs"][cost] / best["costs"][cost] - 1) for cost in ("macs", "params"))
        if nearest is None or distance < nearest[0]:
            nearest = distance, one
        if distance <= 0.02:
            break
    return nearest[1]

