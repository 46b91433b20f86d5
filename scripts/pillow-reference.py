"""Pillow's and timm's own view of RandAugment and AutoAugment, for ours to be compared with.

make FOLDER   writes augment.json, small images and what Pillow makes of them, and policies.json, timm's operations
              with their arguments at magnitudes from 0 to 10, and its tables;
              `python scripts/pillow-reference.py make test/golden/pillow` wrote the golden ones (Pillow 13, timm 1.0)
"""

import argparse
import base64
import json
import pathlib

import numpy
import PIL
import timm
from PIL import Image, ImageEnhance, ImageOps
from timm.data import auto_augment

HEIGHT, WIDTH = 13, 17
FILL = (124, 116, 104)
MODES = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def picture():
    """Ramps, saturated corners, a flat area and noise; the blue channel does not reach the ends of its range."""
    random = numpy.random.default_rng(7)
    rows, columns = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    red = columns * 255 // (WIDTH - 1)
    green = 40 + 12 * rows + random.integers(-30, 30, (HEIGHT, WIDTH))
    blue = 90 + (rows * columns) % 97
    image = numpy.stack([red, green, blue], axis=-1)
    image[0:3, 0:3] = (255, 0, 0)
    image[0:3, -3:] = (0, 255, 10)
    image[-3:, 0:3] = (3, 2, 255)
    image[5:9, 6:11] = (128, 128, 128)
    return numpy.clip(image, 0, 255).astype(numpy.uint8)


def large():
    """Every hue and saturation that matters, and enough pixels for equalising: 32 × 32."""
    random = numpy.random.default_rng(11)
    image = random.integers(0, 256, (32, 32, 3))
    image[:, :, 1] = image[:, :, 1] ** 2 // 255
    image[:, :, 2] = 30 + image[:, :, 2] // 2
    return image.astype(numpy.uint8)


def affine(matrix):
    return lambda image, mode, fill: image.transform(image.size, Image.Transform.AFFINE, matrix(image), mode, fillcolor=fill)


def solarise_add(image, amount):
    table = [min(255, value + amount) if value < 128 else value for value in range(256)]
    return image.point(table * len(image.getbands()))


def hue(image, turn):
    """As torchvision turns the hue of Pillow's images."""
    if image.mode == "L":
        return image
    h, s, v = image.convert("HSV").split()
    turned = numpy.array(h, dtype=numpy.uint8) + numpy.int32(turn * 255).astype(numpy.uint8)
    return Image.merge("HSV", (Image.fromarray(turned), s, v)).convert("RGB")


PLAIN = {
    "auto-contrast": (lambda image, _: ImageOps.autocontrast(image), [0]),
    "equalise": (lambda image, _: ImageOps.equalize(image), [0]),
    "invert": (lambda image, _: ImageOps.invert(image), [0]),
    "posterise": (lambda image, bits: ImageOps.posterize(image, bits), [1, 3, 4, 7]),
    "solarise": (lambda image, threshold: ImageOps.solarize(image, threshold), [0, 77, 128, 256]),
    "solarise-add": (solarise_add, [0, 43, 110]),
    "colour": (lambda image, factor: ImageEnhance.Color(image).enhance(factor), [0.1, 0.73, 1.36, 1.9]),
    "contrast": (lambda image, factor: ImageEnhance.Contrast(image).enhance(factor), [0.1, 0.73, 1.36, 1.9]),
    "brightness": (lambda image, factor: ImageEnhance.Brightness(image).enhance(factor), [0.1, 0.73, 1.36, 1.9]),
    "sharpness": (lambda image, factor: ImageEnhance.Sharpness(image).enhance(factor), [0.1, 0.73, 1.36, 1.9]),
    "hue": (hue, [-0.5, -0.1, 0.07, 0.33]),
}
AFFINE = {
    "rotate": (lambda degrees: lambda image, mode, fill: image.rotate(degrees, mode, fillcolor=fill), [-30, -7.3, 12, 30]),
    "shear-x": (lambda share: affine(lambda _: (1, share, 0, 0, 1, 0)), [-0.3, 0.11]),
    "shear-y": (lambda share: affine(lambda _: (1, 0, 0, share, 1, 0)), [-0.11, 0.3]),
    "translate-x": (lambda share: affine(lambda image: (1, 0, share * image.width, 0, 1, 0)), [-0.45, 0.2]),
    "translate-y": (lambda share: affine(lambda image: (1, 0, 0, 0, 1, share * image.height)), [-0.3, 0.45]),
}


def text(array):
    return base64.b64encode(numpy.asarray(array).tobytes()).decode()


def plain_cases(name, image):
    for operation, (apply, arguments) in PLAIN.items():
        for argument in arguments:
            yield {"image": name, "operation": operation, "argument": argument, "result": text(apply(image, argument))}


def affine_cases(name, image):
    fill = FILL if image.mode == "RGB" else FILL[0]
    for operation, (make, arguments) in AFFINE.items():
        for argument in arguments:
            for interpolation, mode in MODES.items():
                result = text(make(argument)(image, mode, fill))
                yield {"image": name, "operation": operation, "argument": argument, "interpolation": interpolation, "result": result}


def make(folder):
    arrays = {"colour": picture(), "grey": picture()[:, :, 1], "large": large()}
    cases = []
    for name, array in arrays.items():
        image = Image.fromarray(array)
        if name == "large":
            cases += [case for case in plain_cases(name, image) if case["operation"] in ("equalise", "auto-contrast")]
            cases += [case for case in plain_cases(name, image) if case["operation"] in ("hue", "colour") and case["argument"] in (0.33, 1.36)]
        else:
            cases += [*plain_cases(name, image), *affine_cases(name, image)]
    images = {
        name: {"height": array.shape[0], "width": array.shape[1], "channels": 3 if array.ndim == 3 else 1, "pixels": text(array)}
        for name, array in arrays.items()
    }
    folder.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(case) for case in cases)
    head = json.dumps({"pillow": PIL.__version__, "fill": FILL, "images": images})[:-1]
    (folder / "augment.json").write_text(f'{head}, "cases": [\n{lines}\n]}}\n')


NAMES = {
    "AutoContrast": "auto-contrast", "Equalize": "equalise", "Invert": "invert", "Rotate": "rotate", "Posterize": "posterise",
    "Solarize": "solarise", "SolarizeAdd": "solarise-add", "Color": "colour", "Contrast": "contrast",
    "Brightness": "brightness", "Sharpness": "sharpness", "ShearX": "shear-x", "ShearY": "shear-y",
    "TranslateXRel": "translate-x", "TranslateYRel": "translate-y",
}
VARIANTS = {"Increasing": "-increasing", "Original": "-original"}


def our_name(name):
    for ending, ours in VARIANTS.items():
        if name.endswith(ending):
            return NAMES[name.removesuffix(ending)] + ours
    return NAMES.get(name)


def argument(name, level, draw):
    auto_augment.random.random = lambda: draw
    level_of = auto_augment.LEVEL_TO_ARG[name]
    return level_of(level, {})[0] if level_of else 0


def rand_names(increasing):
    transform = auto_augment.rand_augment_transform(f"rand-inc{increasing}")
    return [our_name(operation.name) for operation in transform.ops]


def make_policies(folder):
    levels = {
        our_name(name): [[argument(name, level / 2, draw) for level in range(21)] for draw in (0.25, 0.75)]
        for name in auto_augment.LEVEL_TO_ARG
        if our_name(name)
    }
    tables = {
        name: [[[our_name(step.name), step.prob, step.magnitude] for step in pair] for pair in auto_augment.auto_augment_policy(name)]
        for name in ("v0", "v0r", "original", "originalr")
    }
    rand = {"increasing": rand_names(1), "plain": rand_names(0)}
    content = {"timm": timm.__version__, "levels": levels, "policies": tables, "rand": rand}
    (folder / "policies.json").write_text(json.dumps(content) + "\n")


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("action", choices=["make"])
parser.add_argument("folder", type=pathlib.Path)
arguments = parser.parse_args()
make(arguments.folder)
make_policies(arguments.folder)
