import type { StagedNetwork } from 'dna-nas/core/contracts';
import { forwardChain, layerCosts, mapsBehind, requireStage, traceChain } from '../layers/chain.js';
import { ClassifierHead } from '../layers/classifier-head.js';
import { DepthwiseSeparable } from '../layers/depthwise-separable.js';
import type { LayerStyle } from '../layers/layer-style.js';
import { MBConv, type MBConvOptions } from '../layers/mb-conv.js';
import { Sequential } from '../layers/sequential.js';
import { Stem } from '../layers/stem.js';
import {
  childContext,
  type FeatureShape,
  type ForwardContext,
  type LayerCost,
  Module,
  type ModuleTensor,
  type Trace,
} from '../module.js';
import { type Tensor, tidy } from '../tensor.js';
import { formatBlock, type LayerSpec } from './block-notation.js';

/** Everything that makes one network of the family. */
export interface EfficientNetSpec extends LayerStyle {
  /** 3 for colour, 1 for grey. @default 3 */
  readonly inputChannels?: number;
  /** Output channels of the stem. */
  readonly stem: number;
  /** @default 2 */
  readonly stemStride?: number;
  /** The layers of each stage; `features` cuts behind stages. */
  readonly stages: readonly (readonly LayerSpec[])[];
  /** Channels inside MBConv layers are rounded to a multiple of it. @default 1 */
  readonly innerDivisor?: number;
  /** Channels of the head's convolution. */
  readonly head: number;
  readonly classes: number;
  /** Before the classifier. @default 0 */
  readonly dropout?: number;
  /** Of the residual layers, rising in a line from 0 at the first layer towards this. @default 0 */
  readonly dropConnect?: number;
}

type Layer = MBConv | DepthwiseSeparable;

/**
 * EfficientNet (Tan and Le 2019) and its relatives: stem, stages of MBConv layers, head: [n, h, w, inputs] → logits
 * [n, classes]. Tensor names are timm's: `conv_stem`, `bn1`, `blocks.<stage>.<layer>.…`, `conv_head`, `bn2`,
 * `classifier`.
 */
export class EfficientNet extends Module implements StagedNetwork {
  static override readonly repeatable = true;

  readonly #stem: Stem;
  readonly #blocks: Sequential<Sequential<Layer>>;
  readonly #head: ClassifierHead;

  constructor(readonly spec: EfficientNetSpec) {
    super();
    const { activation, padding, batchNorm, inputChannels = 3, stem, stages, head } = spec;
    const style: LayerStyle = { activation, padding, batchNorm };
    this.#stem = this.inline(
      'stem',
      new Stem({ ...style, inputChannels, outputChannels: stem, stride: spec.stemStride }),
    );
    this.#blocks = this.child('blocks', createStages(spec, style));
    const last = stages.at(-1)?.at(-1)?.channels ?? stem;
    this.#head = this.inline(
      'head',
      new ClassifierHead({
        ...style,
        inputChannels: last,
        channels: head,
        classes: spec.classes,
        dropout: spec.dropout,
      }),
    );
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    return tidy(() => this.#head.forward(this.#lastMap(x, context), childContext(context, 'head')));
  }

  /** What the classifier sees, before dropout: [n, h, w, inputs] → [n, head]. */
  pooled(x: Tensor, context: ForwardContext): Tensor {
    return tidy(() => this.#head.pooled(this.#lastMap(x, context), childContext(context, 'head')));
  }

  #lastMap(x: Tensor, context: ForwardContext): Tensor {
    const stem = this.#stem.forward(x, childContext(context, 'stem'));
    return this.#blocks.forward(stem, childContext(context, 'blocks'));
  }

  /** The maps behind the given stages (numbers from 0, rising), each after its last projection's batch norm. */
  features(x: Tensor, context: ForwardContext, stages: readonly number[]): Tensor[] {
    const inner = childContext(context, 'blocks');
    const { modules } = this.#blocks;
    return tidy(() => {
      const stem = this.#stem.forward(x, childContext(context, 'stem'));
      return mapsBehind(stem, { count: modules.length, stages }, (stage, map) =>
        modules[stage]!.forward(map, childContext(inner, String(stage))),
      );
    });
  }

  forwardFrom(map: Tensor, context: ForwardContext, stage: number): Tensor {
    const { modules } = this.#blocks;
    requireStage(stage, modules.length);
    const inner = childContext(context, 'blocks');
    return tidy(() => {
      const last = forwardChain(modules.slice(stage + 1), map, (index) =>
        childContext(inner, String(stage + 1 + index)),
      );
      return this.#head.forward(last, childContext(context, 'head'));
    });
  }

  tensorsBehind(stage: number): Map<string, ModuleTensor> {
    const { modules } = this.#blocks;
    requireStage(stage, modules.length);
    const stages = modules
      .slice(stage + 1)
      .flatMap((module, at) => [...module.tensors(`blocks.${stage + 1 + at}.`)]);
    return new Map([...stages, ...this.#head.tensors()]);
  }

  override trace(input: FeatureShape): Trace {
    return traceChain([this.#stem, this.#blocks, this.#head], input);
  }

  /** Stem, the layers of all stages, head. */
  override layers(input: FeatureShape): LayerCost[] {
    const { spec } = this;
    const text = (stage: number, layer: number) =>
      formatBlock({ ...spec.stages[stage]![layer]!, repeats: 1 });
    const parts = [
      { name: 'conv_stem', text: `conv k3 s${spec.stemStride ?? 2}`, module: this.#stem as Module },
      ...this.#blocks.modules.flatMap((stage, at) =>
        stage.modules.map((module, layer) => ({
          name: `blocks.${at}.${layer}`,
          text: text(at, layer),
          module,
        })),
      ),
      { name: 'conv_head', text: 'conv k1, pool, linear', module: this.#head },
    ];
    return layerCosts(parts, input);
  }

  /** The shape behind each stage for one input. */
  stageShapes(input: FeatureShape): FeatureShape[] {
    let shape = this.#stem.trace(input).output;
    return this.#blocks.modules.map((stage) => {
      shape = stage.trace(shape).output;
      return shape;
    });
  }

  macsBehind(input: FeatureShape): number[] {
    const { modules } = this.#blocks;
    return this.stageShapes(input).map(
      (shape, stage) => traceChain([...modules.slice(stage + 1), this.#head], shape).macs,
    );
  }

  override withoutBatchNorm(): EfficientNet {
    return new EfficientNet({ ...this.spec, batchNorm: 'folded' });
  }
}

function createStages(spec: EfficientNetSpec, style: LayerStyle): Sequential<Sequential<Layer>> {
  const { innerDivisor } = spec;
  const count = spec.stages.reduce((sum, stage) => sum + stage.length, 0);
  let index = 0;
  let channels = spec.stem;
  const stages = spec.stages.map((layers) => {
    const modules = layers.map((layer) => {
      const dropConnect = ((spec.dropConnect ?? 0) * index) / count;
      const module = createLayer(layer, { ...style, innerDivisor, inputChannels: channels, dropConnect });
      index += 1;
      channels = layer.channels;
      return module;
    });
    return new Sequential<Layer>(modules);
  });
  return new Sequential(stages);
}

interface LayerContext extends LayerStyle, Pick<MBConvOptions, 'innerDivisor'> {
  readonly inputChannels: number;
  readonly dropConnect: number;
}

function createLayer(
  { operation, channels, kernel, stride, expansion, squeezeExcite }: LayerSpec,
  { innerDivisor, ...context }: LayerContext,
): Layer {
  const options = { ...context, outputChannels: channels, kernel, stride, squeezeExcite };
  return operation === 'ds'
    ? new DepthwiseSeparable(options)
    : new MBConv({ ...options, expansion, innerDivisor });
}
