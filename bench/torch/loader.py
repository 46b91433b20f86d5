"""torchvision's DataLoader over a folder of class folders, for bench/imagenet-loader.mjs."""
import argparse
import os
import time

from torch.utils.data import DataLoader, RandomSampler
from torchvision import datasets, transforms

from serve import serve

TICKS = os.sysconf("SC_CLK_TCK")
BICUBIC = transforms.InterpolationMode.BICUBIC
FINISH = [transforms.ToTensor(), transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))]
TRANSFORMS = {
    "train": [transforms.RandomResizedCrop(224, interpolation=BICUBIC), transforms.RandomHorizontalFlip()],
    "evaluate": [transforms.Resize(256, interpolation=BICUBIC), transforms.CenterCrop(224)],
}

parser = argparse.ArgumentParser()
parser.add_argument("--data", required=True)
parser.add_argument("--workers", type=int, required=True)
parser.add_argument("--batch", type=int, required=True)
parser.add_argument("--images", type=int, required=True)
options = parser.parse_args()


def open_loader(name):
    dataset = datasets.ImageFolder(options.data, transforms.Compose(TRANSFORMS[name] + FINISH))
    sampler = RandomSampler(dataset, replacement=True, num_samples=options.images)
    return DataLoader(
        dataset, options.batch, sampler=sampler, num_workers=options.workers, persistent_workers=True
    )


loaders = {name: open_loader(name) for name in TRANSFORMS}


def processor_seconds(loader):
    """Of this process and the loader's."""
    total = time.process_time()
    for worker in loader._iterator._workers if loader._iterator else []:
        with open(f"/proc/{worker.pid}/stat", encoding="ascii") as status:
            fields = status.read().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def read(request):
    loader = loaders[request["transform"]]
    before = processor_seconds(loader)
    began = time.perf_counter()
    images = sum(len(labels) for _, labels in loader)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "cpuSeconds": processor_seconds(loader) - before, "images": images}


serve({"read": read})
