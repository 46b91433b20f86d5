import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { TeacherCheck } from '../stages/forecast.js';
import type { Dataset } from './data.js';
import type { FeatureShape, ForwardContext, NetworkTensor } from './network.js';
import type { SpaceBlock } from './space.js';

export interface TeacherStage {
  readonly name: string;
  /** Shape after this stage: its features are a possible block boundary. */
  readonly output: FeatureShape;
  /** Multiply-adds from its features to the logits, for one image. Absent: the teacher cannot go on from there. */
  readonly macsBehind?: number;
  /** Shapes of the tensors that are used from its features to the logits, by name and in order; absent as before. */
  readonly shapesBehind?: Readonly<Record<string, readonly number[]>>;
}

/** How images are made ready for a network, as it was trained. */
export interface Preprocessing {
  /** Height and width of the images that it was trained for. */
  readonly size: number;
  /** Subtracted from pixels of 0 to 1, one a channel. */
  readonly mean: readonly number[];
  /** What they are divided by then. */
  readonly std: readonly number[];
  readonly interpolation: 'bicubic' | 'bilinear';
  /** Share of the resized image's shorter side that the centre crop is. */
  readonly crop: number;
  /** `squash`: width and height are resized each to the same side, which keeps no shape. @default 'center' */
  readonly cropMode?: 'center' | 'squash';
  /** Where its published accuracy was measured at another size. */
  readonly test?: Pick<Preprocessing, 'size' | 'crop'>;
}

export interface TeacherDescription {
  readonly name: string;
  readonly input: FeatureShape;
  readonly stages: readonly TeacherStage[];
  readonly params: number;
  readonly macs: number;
  /** SHA-256 of its weights. */
  readonly fingerprint: string;
  readonly classes?: number;
  /** Whether it gives, by `rest`, what follows a stage that it can go on from. @default false */
  readonly trainableRest?: boolean;
  /** How its images were made ready in its training, where that is known. */
  readonly preprocessing?: Preprocessing;
  /** What a user must know before trusting it, one sentence: it was never trained, say. */
  readonly warning?: string;
}

/** What a batch norm normalises by: the statistics that its training collected, or those of the batch at hand. */
export type BatchNormStatistics = 'running' | 'batch';

/** What follows a stage of a teacher, unfrozen: its copy of the weights may be trained, and leaves the teacher alone. */
export interface TeacherRest {
  /** [n,h,w,c of the stage] → logits [n, classes]. */
  forward(features: Tensor4D, context: ForwardContext): Tensor2D;
  /** Parameters and buffers that `forward` uses, by name. */
  tensors(): Map<string, NetworkTensor>;
  /** Of its batch norms, by what the names of their tensors begin with: `bn2.`. Absent: those of the space's networks. */
  readonly epsilons?: ReadonlyMap<string, number>;
  dispose(): void;
}

/** A trained, frozen network that runs in this thread. */
export interface Teacher {
  readonly description: TeacherDescription;
  /** What batch norm normalises `features` by. @default 'running' */
  readonly statistics?: BatchNormStatistics;
  /** Outputs after the given stages (indices, rising), from one pass. */
  features(images: Tensor4D, stages: readonly number[]): Tensor4D[];
  /** [n, classes] */
  logits(images: Tensor4D): Tensor2D;
  /**
   * Goes on from features behind a stage, its own or a student's in their place: [n,h,w,c of the stage] → logits
   * [n, classes]. Its batch norms behind the stage normalise by its own running statistics, so that what it answers for
   * an image depends on that image's features alone, or by those of the batch that it is given. The features stay the
   * caller's.
   */
  answer?(features: Tensor4D, stage: number, statistics: BatchNormStatistics): Tensor2D;
  /** A new copy of what follows a stage, as `answer` runs it; the caller's to dispose. */
  rest?(stage: number): TeacherRest;
  dispose(): void;
}

/** Answer of a teacher plugin. */
export interface TeacherSource {
  /** Counts and shapes, without a backend. */
  describe(): Promise<TeacherDescription>;
  load(): Promise<Teacher>;
  /**
   * What the teacher is by its options alone, without its weights (`fingerprint` empty): for forecasts where they are
   * not at hand. Undefined if the options do not tell.
   */
  outline?(): TeacherDescription | undefined;
  /** How it does on about so many validation images, evenly of the split. Called where a backend is started. */
  check?(dataset: Dataset, images: number): Promise<TeacherCheck>;
}

/**
 * One block of teacher and student. Where the student's resolution differs from the teacher's, the teacher's
 * features are resized at the border (average or bilinear): `input` and `output` are what the student sees.
 */
export interface Block {
  readonly index: number;
  /** Counted from 1, as the paper does: `block 1`. */
  readonly name: string;
  /** Teacher stage whose output is this block's input; −1 is the image. */
  readonly inputStage: number;
  /** Teacher stage whose output is this block's target. */
  readonly outputStage: number;
  readonly input: FeatureShape;
  readonly output: FeatureShape;
}

export interface PartitionRequest {
  readonly teacher: TeacherDescription;
  readonly image: FeatureShape;
  readonly blocks: readonly SpaceBlock[];
}

/** Answer of a partition plugin: one block for each of the space's. */
export type Partition = (request: PartitionRequest) => Block[];
