import type { Dataset, FeatureShape } from 'dna-nas/core/contracts';
import { EVALUATE, tf } from 'dna-nas/nn';
import type { EfficientNet } from 'dna-nas/nn/networks';
import { ReadAhead, spreadEvenly } from 'dna-nas/nn/training';

/** What a classifier is trained on where the layers before it are frozen. */
export interface PooledFeatures {
  /** n × width, row by row. */
  readonly values: Float32Array;
  readonly labels: Int32Array;
  readonly width: number;
}

/** Bytes of features that are kept; of more images as many as fit are taken, spread over all of them. */
const MOST_BYTES = 512 * 2 ** 20;
const BATCH = 64;

/** What the classifier sees of training images that are not augmented. `progress` is called between batches. */
export async function pooledFeatures(
  network: EfficientNet,
  dataset: Dataset,
  progress: () => Promise<void>,
): Promise<PooledFeatures> {
  const { image, size } = dataset.description;
  const width = network.spec.head;
  const count = Math.min(size.train, Math.floor(MOST_BYTES / (4 * width)));
  const images = spreadEvenly(
    Array.from({ length: size.train }, (_, index) => index),
    count,
  );
  const end = Math.ceil(count / BATCH);
  const request = (step: number) => ({ indices: images.slice(step * BATCH, (step + 1) * BATCH) });
  const batches = new ReadAhead(dataset, { split: 'train', request, end });
  const features = { values: new Float32Array(count * width), labels: new Int32Array(count), width };
  for (let step = 0; step < end; step++) {
    const batch = await batches.take(step);
    features.values.set(pooled(network, batch, image), step * BATCH * width);
    features.labels.set(batch.labels, step * BATCH);
    await progress();
  }
  return features;
}

function pooled(
  network: EfficientNet,
  { images, labels }: { images: Float32Array; labels: Int32Array },
  { height, width, channels }: FeatureShape,
): Float32Array {
  return tf.tidy(() => {
    const x = tf.tensor4d(images, [labels.length, height, width, channels]);
    return network.pooled(x, EVALUATE).dataSync() as Float32Array;
  });
}
