// tfjs-core's types name `Long` and leave it to every project to have it.
/// <reference types="long" preserve="true" />
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { RandomStream } from '../random.js';

/** How batch norm and the stochastic layers behave in a forward pass. */
export type Mode =
  /** Batch statistics normalise; running statistics move by momentum; dropout and drop-connect draw. */
  | 'train'
  /** Batch statistics normalise and become the running statistics; nothing is drawn. */
  | 'calibrate'
  /** Running statistics normalise; nothing is drawn. */
  | 'evaluate';

export interface ForwardContext {
  readonly mode: Mode;
  /** Needed in `train` by layers that draw; each forks it by its own name. */
  readonly random?: RandomStream;
}

/** A feature map without its batch dimension; a vector is 1×1×channels. */
export interface FeatureShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** What a module costs on one input: multiply-adds of its convolutions and linear layers, and its parameters. */
export interface ModuleCost {
  readonly output: FeatureShape;
  readonly macs: number;
  readonly params: number;
}

/** One layer of a network, or what stands before or behind its layers. */
export interface LayerCost extends ModuleCost {
  /** What its tensors' names begin with: `blocks.2.0`. */
  readonly name: string;
  /** For people: `ir_r1_k5_s2_e6_c40_se0.25`. */
  readonly text: string;
}

/**
 * How a tensor lies in files against memory: files follow timm and PyTorch.
 * `convolution` OIHW ↔ HWIO, `depthwise` [c,1,kh,kw] ↔ [kh,kw,c,1], `linear` [out,in] ↔ [in,out].
 */
export type FileLayout = 'same' | 'convolution' | 'depthwise' | 'linear';

/** A tensor of a network as stages see it; `nn`'s `ModuleTensor` is one. */
export interface NetworkTensor {
  readonly role: 'parameter' | 'buffer';
  readonly shape: readonly number[];
  readonly size: number;
  readonly value: Variable;
  readonly options: {
    /** Whether weight decay applies to it. */
    readonly decay: boolean;
    readonly layout: FileLayout;
  };
  set(values: Float32Array): void;
  /** Takes over a tensor of the same shape; the caller gives up its handle. */
  assign(fresh: Tensor): void;
}

/** Something that is computed again and again in training. */
export interface Repeatable {
  /**
   * Whether it always calls the same kernels with the same attributes for tensors of the same shapes: whatever else
   * differs is in its inputs, its weights, or drawn from the context's stream by `dropout`, `dropConnect` or `drawn`.
   * Then a training pass is recorded at its first step and repeated without tfjs's engine, to the same bits. What
   * counts steps of its own, looks at a tensor's values or draws elsewhere is not repeatable. @default false
   */
  readonly repeatable?: boolean;
}

/** A part of a network as stages see it; `nn`'s `Module` is one. Tensors are NHWC float32. */
export interface Network extends Repeatable {
  forward(x: Tensor, context: ForwardContext): Tensor;
  cost(input: FeatureShape): ModuleCost;
  /** Elements of the feature maps that a backward pass keeps, for one image. */
  activations?(input: FeatureShape): number;
  /** Its layers in order, each with its own cost; together they cost what it costs. */
  layers?(input: FeatureShape): LayerCost[];
  /** Every tensor by its dotted name (timm's), parameters and buffers. */
  tensors(prefix?: string): Map<string, NetworkTensor>;
  initialise(random: RandomStream): this;
  dispose(): void;
}

/** A network whose feature maps can be taken between its stages, so that it can be a teacher. */
export interface StagedNetwork extends Network {
  /** The shape behind each stage for one input. */
  stageShapes(input: FeatureShape): FeatureShape[];
  /** The maps behind the given stages (numbers from 0, rising), from one pass. */
  features(x: Tensor, context: ForwardContext, stages: readonly number[]): Tensor[];
  /** The rest of `forward`, from the map behind a stage: what it puts out. The map stays the caller's. */
  forwardFrom?(map: Tensor, context: ForwardContext, stage: number): Tensor;
  /** What that rest uses, by the names of `tensors()`. */
  tensorsBehind?(stage: number): Map<string, NetworkTensor>;
  /** Multiply-adds of that rest behind each stage, for one image of this shape. */
  macsBehind?(input: FeatureShape): number[];
}
