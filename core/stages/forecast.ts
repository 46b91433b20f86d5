/** How images are read: as they are, or augmented as that training does. */
export type ReadKind = 'plain' | 'distill' | 'retrain';

/** Images that are read, each time counted, by how. */
export type ImageReads = Readonly<Partial<Record<ReadKind, number>>>;

/** What a stage will take, told before anything is done. */
export interface StageForecast {
  /** Optimiser steps, or batches where nothing is trained; over all tasks of the stage. */
  readonly steps: number;
  /** Optimiser steps of each network, or cell, that is trained, where the stage trains some. */
  readonly stepsEach?: number;
  readonly images: ImageReads;
  /** Multiply-adds of the whole stage. */
  readonly macs: number;
  /** Of its longest task, which more workers do not shorten. @default 0 */
  readonly longestTask?: number;
  /**
   * Bytes of the feature maps that one worker keeps for a backward pass at most: of one micro-batch. A backend whose
   * training ops recompute some of them keeps less.
   */
  readonly activationBytes?: number;
}

/** Some work of a stage, done to see how fast it is. */
export interface Rehearsal {
  /** Multiply-adds as the stage's forecast counts them. */
  readonly macs: number;
  /** Of this thread. */
  readonly seconds: number;
}

/** Work of a stage that is to come. */
export interface StageAhead {
  readonly stage: 'distill' | 'rank' | 'retrain';
  /** Multiply-adds, estimated. */
  readonly work: number;
}

/** How a teacher does on images of a data set. */
export interface TeacherCheck extends Rehearsal {
  readonly images: number;
  /** Share of them, 0 to 1, whose label is the teacher's first guess. */
  readonly top1: number;
}
