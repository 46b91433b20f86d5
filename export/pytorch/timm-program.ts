import { type EfficientNetSpec, formatStages } from 'dna-nas/nn/networks';
import type { NetworkFacts } from '../source/facts.js';
import { comment, text } from './literals.js';

export interface TimmProgramOptions {
  readonly facts: NetworkFacts;
  /** Name of the file of tensors beside the program. */
  readonly weightsFile: string;
}

const ACTIVATIONS: Readonly<Record<NonNullable<EfficientNetSpec['activation']>, string>> = {
  none: 'nn.Identity',
  sigmoid: 'nn.Sigmoid',
  swish: 'nn.SiLU',
  relu: 'nn.ReLU',
  relu6: 'nn.ReLU6',
};

/** A Python program that makes timm's network of a specification and loads its weights. */
export function timmProgram(spec: EfficientNetSpec, { facts, weightsFile }: TimmProgramOptions): string {
  const { activation = 'swish', padding = 'same', stemStride = 2, inputChannels = 3 } = spec;
  const norm = typeof spec.batchNorm === 'object' ? spec.batchNorm : {};
  const { epsilon = 1e-5, momentum = 0.1 } = norm;
  const { height, width } = facts;
  return `"""The network ${comment(facts.name)} of a run, in timm. Made by dna-nas ${facts.version}.

Takes float32 [batch, ${inputChannels}, ${height}, ${width}]: ${facts.input}.
Puts out logits [batch, ${spec.classes}]. The tensors lie in ${comment(weightsFile)}, whose metadata say more.
"""
import math
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file
from timm.models._efficientnet_blocks import SqueezeExcite
from timm.models._efficientnet_builder import decode_arch_def
from timm.models.efficientnet import EfficientNet
from torch import nn

WEIGHTS = Path(__file__).with_name(${text(weightsFile)})

STAGES = [
${formatStages(spec.stages)
  .map((blocks) => `    [${blocks.map(text).join(', ')}],`)
  .join('\n')}
]


def create(**options):
    """The network with random weights; \`options\` are timm's, drop_rate and drop_path_rate say."""
    network = EfficientNet(
        decode_arch_def(STAGES),
        num_classes=${spec.classes},
        num_features=${spec.head},
        in_chans=${inputChannels},
        stem_size=${spec.stem},
        fix_stem=True,
        pad_type=${text(padding === 'same' ? 'same' : '')},
        act_layer=${ACTIVATIONS[activation]},
        norm_layer=partial(nn.BatchNorm2d, eps=${epsilon}, momentum=${momentum}),
        # Channels are as they stand above, and those of a gate at least one, halves rounded up.
        round_chs_fn=lambda channels, *_, **__: channels,
        se_layer=partial(SqueezeExcite, rd_round_fn=lambda channels: max(1, math.floor(channels + 0.5))),
        **options,
    )
    network.conv_stem.stride = (${stemStride}, ${stemStride})
    return network


def load(file=WEIGHTS, **options):
    """The network with its weights, for inference."""
    network = create(**options)
    missing, unknown = network.load_state_dict(load_file(file), strict=False)
    # Counters of batches are not in the file; nothing uses them.
    others = [name for name in missing if not name.endswith("num_batches_tracked")] + unknown
    if others:
        raise KeyError(f"{file} belongs to another network: {others[0]}")
    return network.eval()


if __name__ == "__main__":
    with torch.inference_mode():
        print(tuple(load()(torch.zeros(1, ${inputChannels}, ${height}, ${width})).shape))
`;
}
