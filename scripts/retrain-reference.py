"""Golden values of retraining, by PyTorch and timm:

    python scripts/retrain-reference.py > test/golden/retrain/reference.json

Needs torch, timm and scipy. Everything is computed in float64.
"""

import copy
import json

import torch
from scipy import stats
from timm.data.mixup import mixup_target
from timm.loss import SoftTargetCrossEntropy
from timm.models import EfficientNet
from timm.models._efficientnet_builder import decode_arch_def
from timm.optim import RMSpropTF
from timm.scheduler import StepLRScheduler
from timm.utils import ModelEmaV2

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)

# What our stream draws for Beta(0.2, 0.2); the test asserts it.
SHARES = [0.7327924241906474, 0.9409147967361713, 0.8363125484099264]


def plain(tensor):
    return {"shape": list(tensor.shape), "data": [round(value, 12) for value in tensor.flatten().tolist()]}


def rmsprop():
    weight, bias = torch.nn.Parameter(torch.randn(2, 3)), torch.nn.Parameter(torch.randn(3))
    groups = [{"params": [weight], "weight_decay": 0.01}, {"params": [bias], "weight_decay": 0.0}]
    optimiser = RMSpropTF(groups, lr=1.0, alpha=0.9, eps=1e-3, momentum=0.9)
    start = [plain(weight.detach()), plain(bias.detach())]
    steps = []
    for rate in [0.1, 0.1, 0.05, 0.2, 0.02]:
        gradients = [torch.randn(2, 3), torch.randn(3)]
        weight.grad, bias.grad = gradients
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.step()
        after = [plain(weight.detach()), plain(bias.detach())]
        steps.append({"rate": rate, "gradients": [plain(one) for one in gradients], "after": after})
    return {"start": start, "steps": steps}


def schedule(rate, factor, every, warm_up, start):
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)
    # The warm-up hides the beginning of the schedule, as timm's training script has it.
    scheduler = StepLRScheduler(
        optimiser,
        **{"decay_t": every, "decay_rate": factor},
        **{"warmup_t": warm_up, "warmup_lr_init": start, "warmup_prefix": False},
    )
    values = []
    # Between the drops, where rounding cannot decide, and at whole epochs of the warm-up.
    for epoch in [0, 1, 2, 3, 4, 5.5, 6.5, 7.5, 10.5, 14.5, 20.5, 49.5, 199.5, 499.5]:
        scheduler.step(epoch)
        values.append([epoch, optimiser.param_groups[0]["lr"]])
    return values


def mixed_loss():
    images, labels = torch.randn(4, 2, 2, 1), torch.tensor([0, 3, 1, 4])
    logits = torch.randn(4, 5, requires_grad=True)
    share, smoothing = 0.3, 0.1
    targets = mixup_target(labels, 5, share, smoothing).double()
    loss = SoftTargetCrossEntropy()(logits, targets)
    loss.backward()
    mixed = images * share + images.flip(0) * (1 - share)
    return {
        **{"share": share, "smoothing": smoothing, "images": plain(images), "labels": labels.tolist()},
        **{"logits": plain(logits.detach()), "mixed": plain(mixed)},
        **{"loss": loss.item(), "gradient": plain(logits.grad)},
    }


class Small(torch.nn.Module):
    """Stem and head of our small network, by timm's names."""

    def __init__(self):
        super().__init__()
        self.conv_stem = torch.nn.Conv2d(1, 3, 3, 1, 1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(3, eps=1e-3, momentum=0.01)
        self.conv_head = torch.nn.Conv2d(3, 6, 1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(6, eps=1e-3, momentum=0.01)
        self.classifier = torch.nn.Linear(6, 4)

    def forward(self, x):
        swish = torch.nn.functional.silu
        x = swish(self.bn1(self.conv_stem(x)))
        x = swish(self.bn2(self.conv_head(x)))
        return self.classifier(x.mean((2, 3)))


def tensors(module):
    return {name: plain(value) for name, value in module.state_dict().items() if "num_batches" not in name}


def train_part(module, images, labels, share):
    targets = mixup_target(labels, 4, share, 0.1).double()
    mixed = images * share + images.flip(0) * (1 - share)
    loss = SoftTargetCrossEntropy()(module(mixed), targets)
    loss.backward()
    return loss.item()


def training():
    module = Small()
    decayed = [value for name, value in module.named_parameters() if value.ndim > 1]
    others = [value for name, value in module.named_parameters() if value.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": 1e-2}, {"params": others, "weight_decay": 0.0}]
    optimiser = RMSpropTF(groups, lr=0.05, alpha=0.9, eps=1e-3, momentum=0.9)
    average = ModelEmaV2(module, decay=0.9)
    start, steps = tensors(module), []
    for share in SHARES:
        optimiser.zero_grad()
        before = copy.deepcopy(dict(module.named_buffers()))
        parts, losses, buffers = [], [], []
        for _ in range(2):
            images, labels = torch.randn(4, 1, 6, 6), torch.randint(0, 4, (4,))
            for name, buffer in module.named_buffers():
                buffer.copy_(before[name])
            losses.append(train_part(module, images, labels, share))
            buffers.append(copy.deepcopy(dict(module.named_buffers())))
            parts.append({"images": plain(images.permute(0, 2, 3, 1)), "labels": labels.tolist()})
        for value in module.parameters():
            value.grad /= 2
        for name, buffer in module.named_buffers():
            if "num_batches" not in name:
                buffer.copy_((buffers[0][name] + buffers[1][name]) / 2)
        optimiser.step()
        average.update(module)
        steps.append({"share": share, "parts": parts, "loss": sum(losses) / 2})
    return {"start": start, "steps": steps, "end": tensors(module), "average": tensors(average.module)}


def names():
    blocks = [["ds_r1_k3_s1_e1_c16_se0.25"], ["ir_r2_k3_s2_e2_c16_se0.25"], ["ir_r1_k5_s2_e2_c24_se0.25"]]
    module = EfficientNet(
        decode_arch_def(blocks), num_classes=4, num_features=16, in_chans=1, stem_size=8, fix_stem=True
    )
    state = module.state_dict().items()
    return {name: list(value.shape) for name, value in state if "num_batches" not in name}


def quantiles(alpha):
    points = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]
    return {"alpha": alpha, "points": points, "values": stats.beta.ppf(points, alpha, alpha).tolist()}


def intervals():
    cases = [(763, 1000), (38550, 50000), (0, 10), (10, 10), (1, 3)]
    found = []
    for right, images in cases:
        interval = stats.binomtest(right, images).proportion_ci(method="wilson")
        found.append({"right": right, "images": images, "interval": [interval.low, interval.high]})
    return found


print(
    json.dumps(
        {
            "rmsprop": rmsprop(),
            "schedules": {
                "published-script": schedule(0.064, 0.963, 3, 5, 1e-4),
                "paper": schedule(0.256, 0.97, 2.4, 5, 0.0),
            },
            "mixedLoss": mixed_loss(),
            "training": training(),
            "names": names(),
            "beta": [quantiles(0.2), quantiles(2)],
            "intervals": intervals(),
        }
    )
)
