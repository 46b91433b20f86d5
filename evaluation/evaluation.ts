import type { Dataset, FeatureShape } from 'dna-nas/core/contracts';
import type { tf } from 'dna-nas/nn';
import type { MeasurableImages } from 'dna-nas/nn/training';

/** A network that can classify. */
export interface Classifier {
  /** [n, h, w, c] as the data gives them → logits [n, classes] */
  classify(images: tf.Tensor4D): tf.Tensor2D;
  dispose(): void;
}

/** A network that is to be measured; it is loaded when its turn comes. */
export interface Subject {
  readonly name: string;
  readonly params: number;
  readonly macs: number;
  /** Shape of the images that it takes. */
  readonly image: FeatureShape;
  readonly classes: number | undefined;
  readonly warning?: string | undefined;
  load(): Promise<Classifier>;
}

/** Networks, and the images that they are measured on. */
export interface Evaluation {
  readonly subjects: readonly Subject[];
  readonly dataset: Dataset;
  /** Its images with the labels by which networks are measured, where these are a teacher's answers. */
  readonly answered?: MeasurableImages;
  /** What computes, for people. */
  readonly backend: string;
}
