"""PyTorch's own view of weights files, for our reader to be compared with.

make FOLDER          writes small files by torch.save, tarfile and zipfile below a folder, and what is in them (expected.json):
                     `python scripts/torch-reference.py make test/golden` wrote the golden ones
judge BUNDLE FROM    prints what torch.load(weights_only=True) makes of each file of a bundle, a JSON line each,
                     beginning with file FROM; a bundle is files one after another, each with its length before it
"""

import argparse
import collections
import hashlib
import io
import json
import pathlib
import resource
import struct
import sys
import tarfile
import warnings
import zipfile

import numpy
import torch

STATE_KEYS = ["state_dict_ema", "model_ema", "state_dict", "model"]
DTYPES = [
    torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16,
    torch.int8, torch.uint8, torch.bool,
]
NEW_DTYPES = [torch.uint16, torch.uint32, torch.uint64]
VALUES = [0.0, 1.0, 2.0, 3.0, 100.0, 127.0]
FRACTIONS = [0.0, -0.0, 1.5, -2.25, 6e-8, 65504.0, 1e-3, float("inf")]
MEMORY = 6 * 2**30


def all_dtypes(dtypes):
    tensors = {}
    for dtype in dtypes:
        values = FRACTIONS if dtype.is_floating_point else VALUES
        tensors[str(dtype).removeprefix("torch.")] = torch.tensor(values, dtype=torch.float64).to(dtype)
    tensors["int64"] = torch.tensor([0, -1, 2**24 + 1, -(2**40), 2**62])
    tensors["int8"] = torch.tensor([-128, 127, 0], dtype=torch.int8)
    return tensors


def views():
    base = torch.arange(120, dtype=torch.float32) / 7
    halves = torch.arange(24, dtype=torch.float16)
    attributed = torch.arange(3.0)
    attributed.note = "kept by PyTorch alone"
    return collections.OrderedDict(
        whole=base,
        transposed=base[:12].view(3, 4).t(),
        offset=base[17:25],
        stepped=base[3:100:7],
        block=base.view(2, 3, 4, 5)[1, :, 1:3, ::2],
        permuted=base.view(2, 3, 4, 5).permute(3, 0, 2, 1),
        channels_last=base.view(2, 3, 4, 5).to(memory_format=torch.channels_last),
        expanded=base[5:6].expand(3, 4),
        scalar=base[11],
        empty=torch.empty(0, 3),
        ones=base[:6].view(1, 6, 1),
        half_view=halves.view(4, 6)[:, 1:4],
        tied=base,
        parameter=torch.nn.Parameter(torch.arange(4.0)),
        buffer=torch.nn.Buffer(torch.arange(2.0)),
        attributed=attributed,
    )


def network():
    torch.manual_seed(1)
    return torch.nn.Sequential(
        collections.OrderedDict(
            conv=torch.nn.Conv2d(2, 3, 3, bias=False), bn=torch.nn.BatchNorm2d(3), fc=torch.nn.Linear(3, 2)
        )
    )


def checkpoint():
    model = network()
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 0.5)
    optimiser.step()
    return {
        "epoch": 7,
        "arch": "tiny",
        "state_dict": model.state_dict(),
        "optimizer": optimiser.state_dict(),
        "args": argparse.Namespace(
            lr=0.1, drop=None, decay=[1, 2.5], name="Köln", device=torch.device("cuda:0"), dtype=torch.float16,
            mean=(0.485, 0.456), big=2**70, negative=-3, yes=True, tags={"a", "b"},
        ),
        "metric": numpy.float64(76.5),
        "best": numpy.int64(3),
        "single": numpy.float32(0.25),
        "size": torch.Size([2, 3]),
        "raw": b"\x00\xff",
    }


def averaged():
    saved = checkpoint()
    del saved["optimizer"]
    ema = {f"module.{name}": value * 2 for name, value in saved["state_dict"].items()}
    return {**saved, "state_dict_ema": collections.OrderedDict(ema)}


def find_state(value):
    if not isinstance(value, dict):
        raise ValueError("no dictionary")
    for key in STATE_KEYS:
        if isinstance(value.get(key), dict):
            return key, value[key]
    return None, value


def describe(value):
    """Name, type, shape and SHA-256 of the values as 32-bit floats of each tensor."""
    key, state = find_state(value)
    tensors = {}
    for name, tensor in state.items():
        floats = tensor.detach().to(torch.float32).contiguous()
        # Every NaN is the same.
        floats = torch.where(torch.isnan(floats), torch.full_like(floats, float("nan")), floats)
        tensors[name] = {
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "shape": list(tensor.shape),
            "sha256": hashlib.sha256(floats.numpy().tobytes()).hexdigest(),
        }
    if not tensors:
        raise ValueError("no tensors")
    return {"key": key, "tensors": tensors}


def make_torch(folder):
    files = {
        "dtypes": all_dtypes(DTYPES),
        "views": views(),
        "checkpoint": checkpoint(),
        "averaged": averaged(),
    }
    expected = {}

    def save(name, value, **options):
        torch.save(value, folder / name, **options)
        form = "zip" if options.get("_use_new_zipfile_serialization", True) else "legacy"
        expected[name] = {"format": form, **describe(value)}

    for name, value in files.items():
        save(f"{name}.pth", value)
        save(f"{name}-legacy.pth", value, _use_new_zipfile_serialization=False)
    for protocol in [3, 4, 5]:
        save(f"checkpoint-{protocol}.pth", checkpoint(), pickle_protocol=protocol)
    save("checkpoint-legacy-4.pth", checkpoint(), pickle_protocol=4, _use_new_zipfile_serialization=False)
    save("unsigned.pth", all_dtypes(NEW_DTYPES))
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


TAR_FILES = {
    "a.txt": b"first",
    "empty.cls": b"",
    "folder/b.bin": bytes(range(256)) * 5,
    "folder/" + "long-" * 25 + "name.jpg": b"long name",
    "/".join(["deep"] * 40) + "/c": b"deep",
    "K\u00f6ln/\u65e5.json": b"{}",
    "block": b"x" * 512,
}


def make_tar(folder):
    formats = {"ustar": tarfile.USTAR_FORMAT, "pax": tarfile.PAX_FORMAT, "gnu": tarfile.GNU_FORMAT}
    expected = {}
    for name, form in formats.items():
        with tarfile.open(folder / f"{name}.tar", "w", format=form) as tar:
            add_others(tar)
            for path, data in TAR_FILES.items():
                if form == tarfile.USTAR_FORMAT and len(path) > 100 and "/" not in path[-100:]:
                    continue
                entry = tarfile.TarInfo(path)
                entry.size = len(data)
                entry.mtime = 1.5 if form == tarfile.PAX_FORMAT else 1
                tar.addfile(entry, io.BytesIO(data))
        expected[f"{name}.tar"] = index_tar(folder / f"{name}.tar")
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def add_others(tar):
    for path, kind in [("folder", tarfile.DIRTYPE), ("link", tarfile.SYMTYPE), ("pipe", tarfile.FIFOTYPE)]:
        entry = tarfile.TarInfo(path)
        entry.type = kind
        entry.linkname = "a.txt" if kind == tarfile.SYMTYPE else ""
        tar.addfile(entry)


def index_tar(path):
    with tarfile.open(path) as tar:
        return [
            {
                "name": entry.name,
                "offset": entry.offset_data,
                "size": entry.size,
                "sha256": hashlib.sha256(tar.extractfile(entry).read()).hexdigest(),
            }
            for entry in tar
            if entry.isreg()
        ]


ZIP_FILES = {"a.txt": b"first", "empty": b"", "K\u00f6ln/zeros.bin": bytes(5000), "b.bin": bytes(range(256))}


class Unseekable(io.RawIOBase):
    """Makes zipfile write sizes behind the data."""

    def __init__(self):
        self.content = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.content += data
        return len(data)


def make_zip(folder):
    stream = Unseekable()
    write_zip(stream, zipfile.ZIP_DEFLATED)
    (folder / "streamed.zip").write_bytes(stream.content)
    write_zip(folder / "deflated.zip", zipfile.ZIP_DEFLATED, comment=b"a comment")
    write_zip(folder / "wide.zip", zipfile.ZIP_STORED, wide=True)
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in ZIP_FILES.items()}
    (folder / "expected.json").write_text(json.dumps(hashes, indent=1) + "\n")


def write_zip(target, method, comment=b"", wide=False):
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.comment = comment
        for name, data in ZIP_FILES.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            with archive.open(info, "w", force_zip64=wide) as entry:
                entry.write(data)


def judge_torch(data):
    try:
        value = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
        return describe(value)
    except Exception as error:
        # The rest is advice to try it with code.
        reason = str(error).rpartition("WeightsUnpickler error:")[2].strip()
        return {"refused": f"{type(error).__name__}: {(reason or str(error))}".splitlines()[0][:300]}


def judge(bundle, first):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warnings.simplefilter("ignore")
    multiarray = numpy._core.multiarray
    torch.serialization.add_safe_globals(
        [argparse.Namespace, multiarray.scalar, numpy.dtype, frozenset]
        + [type(numpy.dtype(code)) for code in ["f8", "f4", "i8", "i4", "u1", "b1"]]
    )
    data = pathlib.Path(bundle).read_bytes()
    at = index = 0
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        if index >= first:
            print(json.dumps(judge_torch(data[at + 4 : at + 4 + length])), flush=True)
        at += 4 + length
        index += 1


if __name__ == "__main__":
    if sys.argv[1] == "make":
        for kind, make in {"pytorch": make_torch, "tar": make_tar, "zip": make_zip}.items():
            target = pathlib.Path(sys.argv[2], kind)
            target.mkdir(parents=True, exist_ok=True)
            make(target)
    else:
        judge(sys.argv[2], int(sys.argv[3]))
