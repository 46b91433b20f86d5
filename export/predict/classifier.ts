import type { NetworkFacts } from '../source/facts.js';

/** A network that is ready to classify. */
export interface Classifier {
  readonly facts: NetworkFacts;
  /** What computes, for people. */
  readonly runtime: string;
  /**
   * @param images [count, height, width, channels], normalised, or pixels from 0 to 255 where `facts.input` says so
   * @returns logits [count, classes]
   */
  classify(images: Float32Array, count: number): Promise<Float32Array>;
  dispose(): Promise<void> | void;
}
