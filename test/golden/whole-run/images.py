"""Images of the whole run: how each is drawn, which split it is in, and how it is read, with augmentation and without.
Resizing is Pillow's, to the bit, and so are crops torchvision's, as docs and README of data-imagenet say."""

import math
from statistics import NormalDist

import numpy as np

from draws import Stream

GREY = np.array([0.299, 0.587, 0.114])


def draw_image(part, label, number):
    """Bytes [height, width, 3] that the test writes as a PNG file: stripes of the class, and noise."""
    width, height = 23 + number % 3, 20 + (number + label) % 4 * 3
    noise = Stream.of_seed("whole run images").fork(part, label, number).uint32s(height * width * 3)
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    stripes = x * (3 + 2 * label) + y * (11 - label) * (1 + c) + 50 * c
    return ((stripes + noise.astype(np.int64).reshape(y.shape) % 48) % 256).astype(np.int64)


def taps(filter_name, before, after):
    """For each value after resizing its first tap and its coefficients in fixed point of 22 bits."""
    reach, weight = FILTERS[filter_name]
    scale = before / after
    stretch = max(scale, 1)
    for at in range(after):
        centre = (at + 0.5) * scale
        first = max(int(centre - reach * stretch + 0.5), 0)
        count = min(int(centre + reach * stretch + 0.5), before) - first
        weights = [weight((tap + first - centre + 0.5) / stretch) for tap in range(count)]
        total = sum(weights)
        yield first, [math.trunc(one / total * 2**22 + (0.5 if one >= 0 else -0.5)) for one in weights]


def triangle(x):
    return max(1 - abs(x), 0)


def cubic(x):
    x = abs(x)
    if x < 1:
        return (1.5 * x - 2.5) * x * x + 1
    return (((x - 5) * x + 8) * x - 4) * -0.5 if x < 2 else 0


FILTERS = {"bilinear": (1, triangle), "bicubic": (2, cubic)}


def resize(image, height, width, filter_name):
    """Columns first, then rows, 8 bits between them."""
    for axis, size in ((1, width), (0, height)):
        rows = []
        for first, weights in taps(filter_name, image.shape[axis], size):
            part = np.take(image, range(first, first + len(weights)), axis)
            rows.append(np.tensordot(np.array(weights), part, (0, axis)))
        image = np.clip((np.stack(rows, axis) + 2**21) >> 22, 0, 255)
    return image


class Images:
    def __init__(self, configuration):
        files, self.options = configuration["files"], configuration["data"]
        self.seed = configuration["seed"]
        self.files = []
        for part in ("train", "val"):
            for label, count in enumerate(files[part]):
                self.files += [(part, label, number) for number in range(count)]
        self.labels = [label for _, label, _ in self.files]
        self.classes = len(files["train"])
        held = self.hold_out(files["train"])
        train = range(sum(files["train"]))
        self.splits = {
            "train": [image for image in train if image not in held],
            "validation": [image for image in train if image in held],
            "test": list(range(len(train), len(self.files))),
        }
        self.noise = None

    def hold_out(self, counts):
        random = Stream.of_seed(self.seed).fork("data-imagenet", "held-out")
        held, first = set(), 0
        for label, count in enumerate(counts):
            order = random.fork(label).permutation(count)
            most = 0 if count < 2 else max(1, count // 4)
            held |= {first + image for image in order[: min(self.options["heldOutPerClass"], most)]}
            first += count
        return held

    def read(self, split, indices, augment=None, stage="distill"):
        """[n, side, side, 3] and labels; `augment` is the batch's stream."""
        chosen = [self.splits[split][index] for index in indices]
        found = []
        for place, image in enumerate(chosen):
            pixels = draw_image(*self.files[image])
            if augment is None:
                found.append(self.plain(pixels))
            else:
                found.append(self.augmented(pixels, augment.fork(place), stage))
        mean, deviation = np.array(self.options["mean"]), np.array(self.options["std"])
        return (np.stack(found) - mean) / deviation, [self.labels[image] for image in chosen]

    def plain(self, image):
        side, options = self.options["imageSize"], self.options["evaluation"]
        height, width = image.shape[:2]
        shorter = int(side / options["crop"])
        size = [shorter * extent // min(height, width) for extent in (height, width)]
        image = resize(image, *size, options["interpolation"])
        top, left = (round((extent - side) / 2) for extent in size)
        return image[top : top + side, left : left + side] / 255

    def augmented(self, image, random, stage):
        side = self.options["imageSize"]
        options = self.options["augment" if stage == "distill" else "retrainAugment"]
        draws = random.fork("crop")
        image = resize(self.crop(image, draws), side, side, self.options["interpolation"])
        if draws.uniform() < options["flip"]:
            image = image[:, ::-1]
        pixels = image / 255
        if "colourJitter" in options:
            pixels = jitter(pixels, options["colourJitter"], random)
        if "erase" in options:
            pixels = self.erase(pixels, options["erase"], random)
        return pixels

    def crop(self, image, random):
        """A region of a drawn area and aspect, or the middle where ten draws do not fit."""
        height, width = image.shape[:2]
        (least, most), ratio = self.options["crop"]["scale"], self.options["crop"]["ratio"]
        low, high = (math.log(one) for one in ratio)
        for _ in range(10):
            area = height * width * (least + (most - least) * random.uniform())
            aspect = math.exp(low + (high - low) * random.uniform())
            w, h = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
            if 1 <= w <= width and 1 <= h <= height:
                top = random.integer(height - h + 1)
                left = random.integer(width - w + 1)
                return image[top : top + h, left : left + w]
        w, h = width, height
        if w / h < ratio[0]:
            h = max(1, round(w / ratio[0]))
        elif w / h > ratio[1]:
            w = max(1, round(h * ratio[1]))
        return image[(height - h) // 2 :, (width - w) // 2 :][:h, :w]

    def erase(self, pixels, options, random):
        """timm's `pixel`: noise that is standard normal once it is normalised."""
        if random.uniform() >= options["probability"]:
            return pixels
        height, width = pixels.shape[:2]
        (least, most), (low, high) = options["area"], (math.log(one) for one in options["aspect"])
        for _ in range(10):
            area = (least + (most - least) * random.uniform()) * height * width
            aspect = math.exp(low + (high - low) * random.uniform())
            h, w = (int(math.sqrt(one) + 0.5) for one in (area * aspect, area / aspect))
            if 1 <= h <= height and 1 <= w <= width:
                top = random.integer(height - h + 1)
                left = random.integer(width - w + 1)
                noise = normal_noise(random, h * w * 3).reshape(h, w, 3)
                pixels = pixels.copy()
                mean, deviation = self.options["mean"], self.options["std"]
                pixels[top : top + h, left : left + w] = np.array(mean) + np.array(deviation) * noise
                return pixels
        return pixels


def jitter(pixels, options, random):
    """torchvision's colour jitter without hue: factors around 1, applied in a drawn order, each clipped to 0…1."""
    reaches = [options.get(name, 0) for name in ("brightness", "contrast", "saturation")]
    factors = [1 + reach * (2 * random.uniform() - 1) for reach in reaches]
    order = [0, 1, 2, 3]
    if sum(reach > 0 for reach in reaches) > 1:
        own = random.fork("colour-jitter")
        own.uniform()  # the turn of the hue, which is drawn in any case
        order = own.permutation(4)
    for change in order:
        if change == 3 or reaches[change] == 0:
            continue
        bases = (0, (pixels @ GREY).mean(), (pixels @ GREY)[:, :, None])
        pixels = np.clip(bases[change] + factors[change] * (pixels - bases[change]), 0, 1)
    return pixels


def normal_noise(random, count):
    """Quantiles of the normal distribution in 65,536 levels, by an xorshift128 that the stream seeds."""
    x, y, z, w = (int(word) for word in random.uint32s(4))
    x |= 1
    levels = []
    while len(levels) < count:
        t = (x ^ (x << 11)) & 0xFFFFFFFF
        x, y, z, w = y, z, w, w ^ (w >> 19) ^ t ^ (t >> 8)
        levels += [w & 0xFFFF, w >> 16]
    normal = NormalDist()
    return np.array([normal.inv_cdf((level + 0.5) / 65536) for level in levels[:count]])
