import type { Teacher } from 'dna-nas/core/contracts';
import { tf } from 'dna-nas/nn';
import { type Boundary, boundaryFeatures, featureSize } from 'dna-nas/nn/features';
import type { PerImagePass } from 'dna-nas/nn/training';
import type { FeatureRing } from './feature-ring.js';

/** Gives a thread the teacher's features step by step. */
export interface FeatureSource {
  /** Features of the boundaries that are wanted (others undefined), the caller's to dispose. */
  take(step: number, wanted: ReadonlySet<number>): Promise<(tf.Tensor4D | undefined)[]>;
  /** The thread needs nothing of this step any more. */
  release(step: number): void;
}

export interface BatchReader {
  readonly teacher: Teacher;
  /** Images of one batch. */
  readonly batch: number;
  /** Equal shares of it, each for a path of its own; a teacher that normalises by the batch sees one at a time. */
  readonly shares: number;
  boundaries(step: number): readonly Boundary[];
  images(step: number): Promise<tf.Tensor4D>;
  /** How the teacher's features are computed where each image's are its own. */
  readonly pass: PerImagePass;
  /** Books seconds of the teacher's work. */
  spent(seconds: number): void;
}

async function compute(reader: BatchReader, step: number): Promise<tf.Tensor4D[]> {
  const images = await reader.images(step);
  const began = performance.now();
  const { teacher, shares, pass } = reader;
  const boundaries = reader.boundaries(step);
  const features =
    teacher.statistics === 'batch'
      ? featuresByShare(teacher, boundaries, { images, shares })
      : pass.run(images, (some) => boundaryFeatures(teacher, boundaries, some));
  images.dispose();
  reader.spent((performance.now() - began) / 1000);
  return features;
}

/** The features of all images, from a pass of each share: what a device of its own would compute of it. */
export function featuresByShare(
  teacher: Teacher,
  boundaries: readonly Boundary[],
  { images, shares }: { readonly images: tf.Tensor4D; readonly shares: number },
): tf.Tensor4D[] {
  if (shares === 1) return boundaryFeatures(teacher, boundaries, images);
  return tf.tidy(() => {
    const parts = (tf.split(images, shares) as tf.Tensor4D[]).map((part) =>
      boundaryFeatures(teacher, boundaries, part),
    );
    return boundaries.map((_, boundary) => tf.concat(parts.map((features) => features[boundary]!)));
  });
}

/** One thread alone: features stay where they were computed. */
export function localFeatures(reader: BatchReader): FeatureSource {
  return {
    take: (step) => compute(reader, step),
    release: () => undefined,
  };
}

/** Several threads: features go through the ring, computed by whoever needs them first. */
export function ringFeatures(reader: BatchReader, ring: FeatureRing): FeatureSource {
  const produce = async (step: number, into: Float32Array): Promise<void> => {
    const features = await compute(reader, step);
    let offset = 0;
    for (const tensor of features) {
      const values = await tensor.data();
      into.set(values as Float32Array, offset);
      offset += values.length;
      tensor.dispose();
    }
  };
  return {
    async take(step, wanted) {
      const floats = await ring.take(step, produce);
      let offset = 0;
      return reader.boundaries(step).map(({ shape }, boundary) => {
        const first = offset;
        offset += reader.batch * featureSize(shape);
        if (!wanted.has(boundary)) return undefined;
        const size: [number, number, number, number] = [
          reader.batch,
          shape.height,
          shape.width,
          shape.channels,
        ];
        return tf.tensor4d(floats.subarray(first, offset), size);
      });
    },
    release: (step) => ring.release(step),
  };
}
