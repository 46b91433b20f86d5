import type { LayerStyle } from '../layers/layer-style.js';
import { type BlockSpec, expandStage, formatStages, parseBlock } from './block-notation.js';
import type { EfficientNetSpec } from './efficientnet.js';
import { roundChannels, scaleRepeats } from './scaling.js';

/** EfficientNet-B0's stages in timm's notation. */
export const EFFICIENTNET_STAGES: readonly (readonly string[])[] = [
  ['ds_r1_k3_s1_e1_c16_se0.25'],
  ['ir_r2_k3_s2_e6_c24_se0.25'],
  ['ir_r2_k5_s2_e6_c40_se0.25'],
  ['ir_r3_k3_s2_e6_c80_se0.25'],
  ['ir_r3_k5_s1_e6_c112_se0.25'],
  ['ir_r4_k5_s2_e6_c192_se0.25'],
  ['ir_r1_k3_s1_e6_c320_se0.25'],
];

export interface EfficientNetSpecOptions extends LayerStyle {
  /** Multiplies channels. @default 1 */
  readonly width?: number;
  /** Multiplies the layers of a stage. @default 1 */
  readonly depth?: number;
  /** Block strings of each stage before scaling. @default EFFICIENTNET_STAGES */
  readonly stages?: readonly (readonly string[])[];
  /** Channels of the stem before scaling. @default 32 */
  readonly stem?: number;
  /** Channels of the head before scaling. @default 1280 */
  readonly head?: number;
  /** Keeps stem, head and the depth of the first and last stage unscaled, as EfficientNet-lite. @default false */
  readonly fixedEnds?: boolean;
  /** @default 1000 */
  readonly classes?: number;
  /** @default 3 */
  readonly inputChannels?: number;
  /** @default 2 */
  readonly stemStride?: number;
  /** @default 0 */
  readonly dropout?: number;
  /** @default 0 */
  readonly dropConnect?: number;
  /** @default 1 */
  readonly innerDivisor?: number;
}

/** A network of the family by its multipliers, rounded as timm does; the defaults are EfficientNet-B0. */
export function efficientNetSpec(options: EfficientNetSpecOptions = {}): EfficientNetSpec {
  const {
    width = 1,
    depth = 1,
    fixedEnds = false,
    stem = 32,
    head = 1280,
    classes = 1000,
    ...rest
  } = options;
  requireMultiplier('width', width);
  requireMultiplier('depth', depth);
  const blocks = (rest.stages ?? EFFICIENTNET_STAGES).map((stage) => stage.map(parseBlock));
  const stages = blocks.map((stage, index) => {
    const end = index === 0 || index === blocks.length - 1;
    return expandStage(scaleStage(stage, { width, depth: fixedEnds && end ? 1 : depth }));
  });
  const ends = fixedEnds
    ? { stem, head }
    : { stem: roundChannels(stem, width), head: roundChannels(head, width) };
  return { ...rest, stages, classes, ...ends };
}

/**
 * A network at other multipliers, rounded as timm does: stem, head and channels by `width`, the layers of each stage by
 * `depth`, equal neighbours taken as repeats.
 */
export function scaleNetwork(
  spec: EfficientNetSpec,
  { width, depth }: { readonly width: number; readonly depth: number },
): EfficientNetSpec {
  return efficientNetSpec({ ...spec, stages: formatStages(spec.stages), width, depth });
}

function scaleStage(stage: readonly BlockSpec[], by: { width: number; depth: number }): BlockSpec[] {
  const repeats = scaleRepeats(
    stage.map((block) => block.repeats),
    by.depth,
  );
  return stage.map((block, index) => ({
    ...block,
    repeats: repeats[index]!,
    channels: roundChannels(block.channels, by.width),
  }));
}

function requireMultiplier(name: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new RangeError(`The ${name} multiplier of an EfficientNet must be above 0, not ${value}.`);
}

interface Variant {
  readonly width: number;
  readonly depth: number;
  readonly dropout: number;
  /** Height and width of the images it was published with, in pixels. */
  readonly resolution: number;
}

/** The published multipliers, dropout rates and resolutions. */
export const EFFICIENTNET_VARIANTS = {
  b0: { width: 1.0, depth: 1.0, dropout: 0.2, resolution: 224 },
  b1: { width: 1.0, depth: 1.1, dropout: 0.2, resolution: 240 },
  b2: { width: 1.1, depth: 1.2, dropout: 0.3, resolution: 260 },
  b3: { width: 1.2, depth: 1.4, dropout: 0.3, resolution: 300 },
  b4: { width: 1.4, depth: 1.8, dropout: 0.4, resolution: 380 },
  b5: { width: 1.6, depth: 2.2, dropout: 0.4, resolution: 456 },
  b6: { width: 1.8, depth: 2.6, dropout: 0.5, resolution: 528 },
  b7: { width: 2.0, depth: 3.1, dropout: 0.5, resolution: 600 },
} as const satisfies Readonly<Record<string, Variant>>;

export type EfficientNetVariant = keyof typeof EFFICIENTNET_VARIANTS;

/** A published EfficientNet; options override its own. */
export function efficientNetVariant(
  variant: EfficientNetVariant,
  options: EfficientNetSpecOptions = {},
): EfficientNetSpec {
  return efficientNetSpec({ ...published(EFFICIENTNET_VARIANTS[variant]), ...options });
}

function published({ width, depth, dropout }: Variant): EfficientNetSpecOptions {
  return { width, depth, dropout, dropConnect: 0.2 };
}

/** The published multipliers, dropout rates and resolutions of EfficientNet-Lite. */
export const EFFICIENTNET_LITE_VARIANTS = {
  lite0: { width: 1.0, depth: 1.0, dropout: 0.2, resolution: 224 },
  lite1: { width: 1.0, depth: 1.1, dropout: 0.2, resolution: 240 },
  lite2: { width: 1.1, depth: 1.2, dropout: 0.3, resolution: 260 },
  lite3: { width: 1.2, depth: 1.4, dropout: 0.3, resolution: 300 },
  lite4: { width: 1.4, depth: 1.8, dropout: 0.3, resolution: 380 },
} as const satisfies Readonly<Record<string, Variant>>;

export type EfficientNetLiteVariant = keyof typeof EFFICIENTNET_LITE_VARIANTS;

/** EfficientNet-Lite: no squeeze-and-excitation, relu6, ends that do not scale; options override its own. */
export function efficientNetLiteVariant(
  variant: EfficientNetLiteVariant,
  options: EfficientNetSpecOptions = {},
): EfficientNetSpec {
  return efficientNetLiteSpec({ ...published(EFFICIENTNET_LITE_VARIANTS[variant]), ...options });
}

/** EfficientNet-lite (lite0 by default): no squeeze-and-excitation, relu6, ends that do not scale. */
export function efficientNetLiteSpec(options: EfficientNetSpecOptions = {}): EfficientNetSpec {
  const stages = EFFICIENTNET_STAGES.map((stage) => stage.map((block) => block.replace('_se0.25', '')));
  return efficientNetSpec({ stages, activation: 'relu6', fixedEnds: true, ...options });
}
