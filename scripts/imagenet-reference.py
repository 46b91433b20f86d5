"""Pillow's and torchvision's own view of images, for the loader data-imagenet to be compared with.

make FOLDER                        writes small synthetic images of every kind that ImageNet has, damaged ones too,
                                   and what torchvision's evaluation transform makes of them:
                                   `python scripts/imagenet-reference.py make test/golden/imagenet`
evaluate FOLDER OUT SIDE FILTER    writes what it makes of a folder of class folders, in the order of the names,
                                   SIDE x SIDE x 3 bytes an image
"""

import json
import math
import pathlib
import sys

import numpy
from PIL import Image
from torchvision import transforms

FILTERS = {
    "bicubic": transforms.InterpolationMode.BICUBIC,
    "bilinear": transforms.InterpolationMode.BILINEAR,
}
SIDE = 32
CROP = 0.875


def squash(path, side):
    """timm's crop mode of that name. Rows before columns, as Pillow did until 12; 13 chooses by size."""
    scaled = math.floor(side / CROP)
    with Image.open(path) as image:
        colours = image.convert("RGB")
        rows = colours.resize((scaled, colours.height), Image.BICUBIC)
        return numpy.asarray(transforms.CenterCrop(side)(rows.resize((scaled, scaled), Image.BICUBIC)))


def evaluation(path, side, name):
    resize = transforms.Resize(math.floor(side / CROP), interpolation=FILTERS[name])
    transform = transforms.Compose([resize, transforms.CenterCrop(side)])
    with Image.open(path) as image:
        return numpy.asarray(transform(image.convert("RGB")))


def drawing(width, height, phase):
    """Waves, edges and a ramp: smooth and sharp parts in all channels."""
    y, x = numpy.mgrid[0:height, 0:width]
    red = 128 + 110 * numpy.sin(x / 5 + phase) * numpy.cos(y / 9)
    green = numpy.where((x // 7 + y // 11 + int(phase)) % 2, 230, 25)
    blue = (x * 255 // max(1, width - 1) + y * 3) % 256
    return Image.fromarray(numpy.stack([red, green, blue], -1).clip(0, 255).astype("uint8"))


def save_all(folder):
    exif = Image.Exif()
    exif[0x0112] = 6
    wide, tall = drawing(90, 61, 0.5), drawing(57, 83, 2.0)
    alpha = wide.copy()
    alpha.putalpha(drawing(90, 61, 4.0).convert("L"))
    images = {
        "apple/colour.JPEG": (wide, {"format": "JPEG", "quality": 90}),
        "apple/fine.JPEG": (tall, {"format": "JPEG", "quality": 97, "subsampling": 0}),
        "apple/grey.JPEG": (wide.convert("L"), {"format": "JPEG", "quality": 85}),
        "apple/small.JPEG": (drawing(19, 23, 1.0), {"format": "JPEG", "quality": 90}),
        "pear/cmyk.JPEG": (tall.convert("CMYK"), {"format": "JPEG", "quality": 90}),
        "pear/progressive.JPEG": (wide, {"format": "JPEG", "progressive": True}),
        "pear/rotated.JPEG": (wide, {"format": "JPEG", "exif": exif}),
        "pear/square.JPEG": (drawing(36, 36, 3.0), {"format": "JPEG", "quality": 92}),
        "plum/alpha.JPEG": (alpha, {"format": "PNG"}),
        "plum/palette.JPEG": (tall.convert("P"), {"format": "PNG"}),
        "plum/png.JPEG": (drawing(40, 36, 1.5), {"format": "PNG"}),
        "plum/webp.JPEG": (wide, {"format": "WEBP", "lossless": True}),
    }
    for name, (image, options) in images.items():
        path = folder / "images" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path, **options)
    return sorted(images)


def make(folder):
    names = save_all(folder)
    for name in FILTERS:
        made = [evaluation(folder / "images" / image, SIDE, name) for image in names]
        (folder / f"{name}.bin").write_bytes(numpy.stack(made).tobytes())
    squashed = [squash(folder / "images" / image, SIDE) for image in names]
    (folder / "squash.bin").write_bytes(numpy.stack(squashed).tobytes())
    y, x = numpy.mgrid[0:128, 0:128]
    ramp = Image.fromarray(numpy.stack([x * 2, y * 2, 0 * x], -1).astype("uint8"))
    (folder / "ramp" / "one").mkdir(parents=True, exist_ok=True)
    ramp.save(folder / "ramp" / "one" / "ramp.JPEG", quality=95, subsampling=0)
    whole = (folder / "images" / "apple/colour.JPEG").read_bytes()
    (folder / "damaged").mkdir(exist_ok=True)
    (folder / "damaged" / "cut.JPEG").write_bytes(whole[: len(whole) * 2 // 3])
    middle = len(whole) - 2
    (folder / "damaged" / "strange.JPEG").write_bytes(whole[:middle] + b"\0\0\0abc" + whole[middle:])
    strange = evaluation(folder / "damaged" / "strange.JPEG", SIDE, "bicubic")
    (folder / "strange.bin").write_bytes(strange.tobytes())
    (folder / "expected.json").write_text(json.dumps({"side": SIDE, "crop": CROP, "images": names}, indent=2) + "\n")


def evaluate(folder, out, side, name):
    paths = sorted(path for path in pathlib.Path(folder).glob("*/*") if path.is_file())
    with open(out, "wb") as file:
        for path in paths:
            file.write(evaluation(path, int(side), name).tobytes())


if sys.argv[1] == "make":
    make(pathlib.Path(sys.argv[2]))
else:
    evaluate(*sys.argv[2:])
