import type { Activation } from 'dna-nas/nn/kernels';
import type { PaddingStyle } from 'dna-nas/nn/layers';
import { IMAGENET_WEIGHTS, PUBLISHED_NETWORKS } from 'dna-nas/nn/networks';

/** A network of the family by its table. */
export interface CustomArchitecture {
  readonly name?: string;
  /** One text a stage, in timm's notation: `ir_r2_k3_s2_e6_c24_se0.25`, several blocks separated by spaces. */
  readonly stages: readonly string[];
  /** Channels of the stem. @default 32 */
  readonly stem?: number;
  /** @default 2 */
  readonly stemStride?: number;
  /** Channels of the head's 1×1 convolution. @default 1280 */
  readonly head?: number;
  /** Multiplies all channels, rounded to eights. @default 1 */
  readonly width?: number;
  /** Multiplies the layers of every stage. @default 1 */
  readonly depth?: number;
  /** @default 'swish' */
  readonly activation?: Activation;
  /** @default 'same' */
  readonly padding?: PaddingStyle;
  /** @default 1e-3 */
  readonly batchNormEpsilon?: number;
}

/** Names of the published networks: timm's without and with the tag of the weights, and DNA's. */
const NAMED: readonly string[] = PUBLISHED_NETWORKS;

/** Such a name with timm's tag of its weights behind it. */
const TAGGED_SCHEMA = {
  type: 'string',
  pattern: `^(?:${IMAGENET_WEIGHTS.map((name) => name.replaceAll('.', '\\.')).join('|')})$`,
  patternMeans: 'of such a name and timm’s tag of its weights (tf_efficientnet_b0.ap_in1k)',
};

export const COUNT = { type: 'integer', minimum: 1 };

const FACTOR = { type: 'number', exclusiveMinimum: 0 };

const CUSTOM_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['stages'],
  properties: {
    name: { description: 'What it is called in reports.', type: 'string' },
    stages: {
      description: 'One text a stage in timm’s notation, its blocks separated by spaces.',
      type: 'array',
      minItems: 1,
      items: { type: 'string' },
    },
    stem: { description: 'Channels of the stem (32).', ...COUNT },
    stemStride: { description: 'Stride of the stem (2).', ...COUNT },
    head: { description: 'Channels of the head’s 1×1 convolution (1280).', ...COUNT },
    width: { description: 'Multiplies all channels, rounded to eights (1).', ...FACTOR },
    depth: { description: 'Multiplies the layers of every stage (1).', ...FACTOR },
    activation: { description: 'Of every layer (swish).', enum: ['swish', 'relu', 'relu6'] },
    padding: {
      description: 'As TensorFlow (same) or PyTorch (symmetric) pads (same).',
      enum: ['same', 'symmetric'],
    },
    batchNormEpsilon: { description: 'Added to the variance in batch norm (1e-3).', ...FACTOR },
  },
};

/** A published network by name, or one by its table. */
export const ARCHITECTURE_SCHEMA = { oneOf: [{ enum: NAMED }, TAGGED_SCHEMA, CUSTOM_SCHEMA] };
