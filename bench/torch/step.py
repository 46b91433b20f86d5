"""PyTorch's side of step.mjs: one distillation step of all blocks, asked for over stdin.

    python step.py --prepare --folder DIR        writes the weights and images that both sides start from
    python step.py --folder DIR                  serves steps: one teacher pass in evaluation mode for all blocks
    python step.py --folder DIR --published      the published code's way: a teacher pass in training mode a block
"""
import argparse
import json
import time
from pathlib import Path

import timm
import torch
from counts import count_path
from networks import load_teacher, student_cells, teacher_blocks
from safetensors.torch import load_file, save_file
from serve import serve
from torch.nn.functional import mse_loss

TABLE = json.loads((Path(__file__).parent / "paths.json").read_text())
LEARNING_RATE = 1e-3


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--prepare", action="store_true")
    parser.add_argument("--published", action="store_true")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--teacher", default="efficientnet_b0")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--teacher-precision", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--precision", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--compile", action="store_true", help="compiles the teacher")
    parser.add_argument("--contiguous", action="store_true", help="NCHW for the cells, PyTorch's own layout")
    return parser.parse_args()


def prepare(arguments):
    torch.manual_seed(0)
    teacher = load_teacher(arguments.teacher)
    cells = student_cells(teacher_blocks(teacher), TABLE["space"])
    arguments.folder.mkdir(parents=True, exist_ok=True)
    images = torch.randn(arguments.batch, 3, 224, 224).permute(0, 2, 3, 1).contiguous()
    save_file({"images": images}, arguments.folder / "images.safetensors")
    for name, network in {"teacher": teacher, **{f"cell-{i + 1}": cell for i, cell in enumerate(cells)}}.items():
        save_file(network.state_dict(), arguments.folder / f"{name}.safetensors")


def layout(contiguous):
    return torch.contiguous_format if contiguous else torch.channels_last


class Student:
    """Teacher, cells and their optimisers on one device, in one setting."""

    def __init__(self, arguments):
        self.device = arguments.device
        self.published = arguments.published
        self.format = layout(arguments.contiguous or arguments.published)
        self.teacher_type = getattr(torch, arguments.teacher_precision)
        self.amp = arguments.precision == "bfloat16"
        self.load(arguments)
        parameters = [list(cell.parameters()) for cell in self.cells]
        everything = [parameter for group in parameters for parameter in group]
        self.optimisers = [
            torch.optim.Adam(everything if self.published else group, lr=LEARNING_RATE, fused=not self.published)
            for group in parameters
        ]
        self.features = torch.compile(self.all_features) if arguments.compile else self.all_features

    def load(self, arguments):
        model = timm.create_model(arguments.teacher)
        model.load_state_dict(load_file(arguments.folder / "teacher.safetensors"))
        cells = student_cells(teacher_blocks(model.eval()), TABLE["space"])
        for index, cell in enumerate(cells):
            cell.load_state_dict(load_file(arguments.folder / f"cell-{index + 1}.safetensors"))
        form = layout(self.published)
        model.to(device=self.device, memory_format=form, dtype=self.teacher_type)
        self.teacher = model.train(self.published).requires_grad_(False)
        self.blocks = teacher_blocks(model)
        self.cells = [cell.to(device=self.device, memory_format=self.format).train() for cell in cells]
        images = load_file(arguments.folder / "images.safetensors")["images"].permute(0, 3, 1, 2)
        host = images.contiguous(memory_format=form)
        self.host = host if self.device == "cpu" else host.pin_memory()
        self.images = self.host.to(self.device)

    @torch.no_grad()
    def all_features(self, x):
        features = []
        for block in self.blocks:
            x = block(x)
            features.append(x)
        return features

    def joint_step(self, path, images):
        """One teacher pass for all blocks."""
        features = [images, *self.features(images.to(self.teacher_type))]
        return [self.train(index, path[index], features[index], features[index + 1]) for index in range(len(path))]

    def published_step(self, path, images):
        """The published code's: a stage at a time, the teacher run up to it, in training mode."""
        losses = []
        for index in range(len(path)):
            with torch.no_grad():
                target = images
                for block in self.blocks[: index + 1]:
                    source, target = target, block(target)
            losses.append(self.train(index, path[index], source, target))
        return losses

    def train(self, index, path, source, target):
        source = source.float().contiguous(memory_format=self.format)
        with torch.autocast(self.device, torch.bfloat16, enabled=self.amp):
            output = self.cells[index](source, path)
        loss = mse_loss(output.float(), target.float())
        self.optimisers[index].zero_grad()
        loss.backward()
        self.optimisers[index].step()
        return loss.detach()

    def step(self, request):
        """Seconds of a step along a path of the table, and its losses; with `upload`, the images come from the host."""
        path = TABLE["paths"][request["path"]]
        began = time.perf_counter()
        images = self.host.to(self.device, non_blocking=True) if request.get("upload") else self.images
        losses = self.published_step(path, images) if self.published else self.joint_step(path, images)
        losses = torch.stack(losses).tolist()
        if self.device != "cpu":
            torch.cuda.synchronize()
        return {"seconds": time.perf_counter() - began, "losses": losses}

    def count(self, request):
        """Parameters and multiply-adds of an image: the teacher's with its head, the cells' along the path."""
        image = self.images[:1].to(self.teacher_type)
        features = [image, *self.all_features(image)]
        return count_path(self.teacher, features, self.cells, TABLE["paths"][request["path"]])

    def teach(self, _):
        """Seconds of the teacher's pass alone."""
        began = time.perf_counter()
        self.features(self.images.to(self.teacher_type))[-1].sum().item()
        return {"seconds": time.perf_counter() - began}


def main():
    arguments = read_arguments()
    if arguments.prepare:
        prepare(arguments)
        return
    torch.backends.cudnn.benchmark = True
    student = Student(arguments)
    serve({"step": student.step, "count": student.count, "teach": student.teach})


if __name__ == "__main__":
    main()
