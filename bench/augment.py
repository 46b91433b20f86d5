"""Milliseconds that Pillow (timm, torchvision) takes for what bench/augment.mjs measures, as JSON by the same names."""

import json
import random
import time

import numpy
import torch
from PIL import Image, ImageEnhance, ImageOps
from timm.data.auto_augment import auto_augment_transform, rand_augment_transform
from timm.data.random_erasing import RandomErasing
from torchvision import transforms
from torchvision.transforms import functional

torch.set_num_threads(1)
image = Image.fromarray(numpy.random.default_rng(1).integers(0, 256, (224, 224, 3)).astype(numpy.uint8))
tensor = functional.to_tensor(image)
FILL = (124, 116, 104)
# timm asks for 0 bits at the greatest magnitude, which newer Pillows refuse.
posterise = ImageOps.posterize
ImageOps.posterize = lambda image, bits: posterise(image, max(1, bits))
PLAIN = {
    "auto-contrast": ImageOps.autocontrast,
    "equalise": ImageOps.equalize,
    "invert": ImageOps.invert,
    "posterise": lambda image: ImageOps.posterize(image, 4),
    "solarise": lambda image: ImageOps.solarize(image, 100),
    "solarise-add": lambda image: image.point([min(255, v + 60) if v < 128 else v for v in range(256)] * 3),
    "colour": lambda image: ImageEnhance.Color(image).enhance(1.3),
    "contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.3),
    "brightness": lambda image: ImageEnhance.Brightness(image).enhance(1.3),
    "sharpness": lambda image: ImageEnhance.Sharpness(image).enhance(1.3),
    "hue": lambda image: functional.adjust_hue(image, 0.1),
}
MATRICES = {
    "shear-x": (1, 0.2, 0, 0, 1, 0),
    "shear-y": (1, 0, 0, 0.2, 1, 0),
    "translate-x": (1, 0, 0.123 * 224, 0, 1, 0),
    "translate-y": (1, 0, 0, 0, 1, 0.123 * 224),
}
MODES = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
MEAN = {"img_mean": FILL, "translate_const": 100}


def measure(work, calls):
    def once():
        began = time.perf_counter()
        for _ in range(calls):
            work()
        return 1000 * (time.perf_counter() - began) / calls

    return min(once() for _ in range(5))


random.seed(1)
times = {name: measure(lambda: apply(image), 40) for name, apply in PLAIN.items()}
for name, mode in MODES.items():
    times[f"rotate {name}"] = measure(lambda: image.rotate(13, mode, fillcolor=FILL), 40)
    for operation, matrix in MATRICES.items():
        work = lambda: image.transform(image.size, Image.Transform.AFFINE, matrix, mode, fillcolor=FILL)
        times[f"{operation} {name}"] = measure(work, 40)
policies = {
    "rand-m9-mstd0.5-inc1": rand_augment_transform("rand-m9-mstd0.5-inc1", dict(MEAN)),
    "original": auto_augment_transform("original", dict(MEAN)),
    "colour jitter 0.4": transforms.ColorJitter(0.4, 0.4, 0.4),
}
for name, policy in policies.items():
    times[name] = measure(lambda: policy(image), 300)
erasing = RandomErasing(0.5, mode="pixel", device="cpu")
times["erase pixel 0.5"] = measure(lambda: erasing(tensor.clone()), 300)
print(json.dumps(times))
