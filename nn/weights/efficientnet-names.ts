import type { StateDict } from 'dna-nas/core/contracts';
import type { LayerSpec } from '../networks/block-notation.js';

/** What PyTorch's wrapper for several devices puts before every name. */
const WRAPPER = 'module.';

/** Of the parts around the layers: EfficientNet-PyTorch's name, then timm's. */
const ENDS: Readonly<Record<string, string>> = {
  _conv_stem: 'conv_stem',
  _bn0: 'bn1',
  _conv_head: 'conv_head',
  _bn1: 'bn2',
  _fc: 'classifier',
};

/** Of the parts of a layer. One without expansion has no `_expand_conv` and `_bn0`, and timm numbers what it has. */
const PARTS: Readonly<Record<LayerSpec['operation'], Readonly<Record<string, string>>>> = {
  mbconv: {
    _expand_conv: 'conv_pw',
    _bn0: 'bn1',
    _depthwise_conv: 'conv_dw',
    _bn1: 'bn2',
    _se_reduce: 'se.conv_reduce',
    _se_expand: 'se.conv_expand',
    _project_conv: 'conv_pwl',
    _bn2: 'bn3',
  },
  ds: {
    _depthwise_conv: 'conv_dw',
    _bn1: 'bn1',
    _se_reduce: 'se.conv_reduce',
    _se_expand: 'se.conv_expand',
    _project_conv: 'conv_pw',
    _bn2: 'bn2',
  },
};

/**
 * The tensors of an EfficientNet under timm's names, wherever they come from: `module.` before all names is taken off,
 * and the names of EfficientNet-PyTorch (`_blocks.0._depthwise_conv.weight`), which counts layers through all stages,
 * are translated. Names that are neither stay, so that `loadStateDict` tells of them.
 */
export function timmNames(tensors: StateDict, stages: readonly (readonly LayerSpec[])[]): StateDict {
  const unwrapped = withoutWrapper(tensors);
  if (!unwrapped.has('_conv_stem.weight')) return unwrapped;
  const layers = stages.flatMap((stage, index) =>
    stage.map(({ operation }, layer) => ({ prefix: `blocks.${index}.${layer}.`, parts: PARTS[operation] })),
  );
  const renamed: StateDict = new Map();
  for (const [name, value] of unwrapped) renamed.set(timmName(name, layers), value);
  return renamed;
}

function withoutWrapper(tensors: StateDict): StateDict {
  if (![...tensors.keys()].every((name) => name.startsWith(WRAPPER))) return tensors;
  return new Map([...tensors].map(([name, value]) => [name.slice(WRAPPER.length), value]));
}

interface Layer {
  readonly prefix: string;
  readonly parts: Readonly<Record<string, string>>;
}

function timmName(name: string, layers: readonly Layer[]): string {
  const [, index, part = '', rest = ''] = /^(?:_blocks\.(\d+)\.)?(_\w+)(\..+)$/.exec(name) ?? [];
  const { prefix, parts } =
    index === undefined ? { prefix: '', parts: ENDS } : (layers[Number(index)] ?? NONE);
  return Object.hasOwn(parts, part) ? prefix + parts[part] + rest : name;
}

const NONE: Layer = { prefix: '', parts: {} };
