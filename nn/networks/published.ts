import type { EfficientNetSpec } from './efficientnet.js';
import {
  EFFICIENTNET_LITE_VARIANTS,
  EFFICIENTNET_VARIANTS,
  type EfficientNetLiteVariant,
  type EfficientNetSpecOptions,
  type EfficientNetVariant,
  efficientNetLiteVariant,
  efficientNetSpec,
  efficientNetVariant,
} from './efficientnet-spec.js';

type Stages = readonly (readonly string[])[];

/**
 * The networks that the DNA paper found, one row a block, in the order of its table of architectures: behind the stem
 * and a depthwise separable layer of 16 channels stand six blocks of MBConv layers with squeeze-and-excitation 0.25.
 */
export const DNA_STAGES = {
  'dna-a': table(
    'r1_k5_s2_e3_c24   r1_k3_s1_e3_c24   r1_k3_s1_e6_c24',
    'r2_k3_s2_e3_c40   r1_k5_s1_e3_c40   r1_k3_s1_e6_c40',
    'r1_k7_s2_e6_c80   r1_k3_s1_e3_c80   r1_k5_s1_e3_c80   r1_k3_s1_e6_c80',
    'r1_k5_s1_e6_c96   r2_k5_s1_e3_c96   r1_k5_s1_e6_c96',
    'r1_k5_s2_e6_c160  r3_k5_s1_e3_c160  r1_k5_s1_e6_c160',
    'r1_k3_s1_e6_c320',
  ),
  'dna-b': table(
    'r1_k3_s2_e3_c24   r1_k5_s1_e3_c24   r1_k7_s1_e6_c24',
    'r1_k7_s2_e6_c40   r1_k5_s1_e3_c40   r1_k7_s1_e6_c40',
    'r1_k5_s2_e6_c80   r2_k5_s1_e3_c80   r1_k3_s1_e6_c80',
    'r1_k5_s1_e6_c96   r2_k5_s1_e3_c96   r1_k5_s1_e6_c96',
    'r1_k7_s2_e6_c192  r3_k5_s1_e3_c192  r1_k7_s1_e6_c192',
    'r1_k3_s1_e6_c320',
  ),
  'dna-c': table(
    'r1_k5_s2_e6_c24   r1_k3_s1_e6_c24',
    'r2_k5_s2_e6_c40   r1_k3_s1_e6_c40   r1_k5_s1_e6_c40',
    'r1_k5_s2_e6_c80   r1_k3_s1_e6_c80   r2_k5_s1_e6_c80',
    'r1_k3_s1_e6_c112  r2_k5_s1_e6_c112  r1_k5_s1_e3_c112',
    'r1_k5_s2_e6_c192  r1_k5_s1_e3_c192  r2_k5_s1_e6_c192',
    'r1_k3_s1_e6_c320',
  ),
  'dna-d': table(
    'r1_k7_s2_e6_c24   r1_k5_s1_e6_c24   r1_k7_s1_e6_c24',
    'r4_k7_s2_e6_c40',
    'r1_k7_s2_e6_c80   r2_k5_s1_e6_c80   r1_k7_s1_e6_c80',
    'r1_k7_s1_e6_c112  r1_k5_s1_e6_c112  r1_k7_s1_e6_c112  r1_k5_s1_e6_c112',
    'r1_k7_s2_e6_c192  r3_k5_s1_e6_c192  r1_k7_s1_e6_c192',
    'r1_k3_s1_e6_c320',
  ),
} as const satisfies Readonly<Record<string, Stages>>;

export type DnaName = keyof typeof DNA_STAGES;

function table(...blocks: readonly string[]): Stages {
  const rows = blocks.map((block) => block.split(/ +/).map((layers) => `ir_${layers}_se0.25`));
  return [['ds_r1_k3_s1_e1_c16_se0.25'], ...rows];
}

/** DNA-c at EfficientNet-B7's multipliers, with 64.9 million parameters. */
const DNA_C_SCALED = 'dna-c-scaled';

/** A network of the paper in one line, `ds_… | ir_… ir_… | …`, as its space reads it. */
export function dnaText(name: DnaName): string {
  return DNA_STAGES[name].map((blocks) => blocks.join(' ')).join(' | ');
}

/** How timm's networks of PyTorch's and of TensorFlow's origin pad and normalise; DNA's are of the first kind. */
const PYTORCH_STYLE = { padding: 'symmetric', batchNorm: { epsilon: 1e-5 } } as const;
const TENSORFLOW_STYLE = { padding: 'same', batchNorm: { epsilon: 1e-3 } } as const;

const VARIANTS = [...Object.keys(EFFICIENTNET_VARIANTS), ...Object.keys(EFFICIENTNET_LITE_VARIANTS)];

/** The names that `publishedNetwork` knows. */
export const PUBLISHED_NETWORKS: readonly string[] = [
  ...Object.keys(DNA_STAGES),
  DNA_C_SCALED,
  ...VARIANTS.flatMap((variant) => [`efficientnet_${variant}`, `tf_efficientnet_${variant}`]),
];

/**
 * A published network by its name: `dna-a` … `dna-d`, `dna-c-scaled`, and timm's `efficientnet_*` (symmetric padding)
 * and `tf_efficientnet_*` (SAME padding); undefined for any other name. `options` override its own.
 */
export function publishedNetwork(
  name: string,
  options: EfficientNetSpecOptions = {},
): EfficientNetSpec | undefined {
  if (!PUBLISHED_NETWORKS.includes(name)) return undefined;
  if (name === DNA_C_SCALED) return dnaNetwork('dna-c', { width: 2, depth: 3.1, ...options });
  if (Object.hasOwn(DNA_STAGES, name)) return dnaNetwork(name as DnaName, options);
  const style = name.startsWith('tf_') ? TENSORFLOW_STYLE : PYTORCH_STYLE;
  const variant = name.replace(/^(tf_)?efficientnet_/, '');
  if (Object.hasOwn(EFFICIENTNET_LITE_VARIANTS, variant)) {
    return efficientNetLiteVariant(variant as EfficientNetLiteVariant, { ...style, ...options });
  }
  return efficientNetVariant(variant as EfficientNetVariant, { ...style, ...options });
}

function dnaNetwork(name: DnaName, options: EfficientNetSpecOptions): EfficientNetSpec {
  return efficientNetSpec({ ...PYTORCH_STYLE, stages: DNA_STAGES[name], ...options });
}
