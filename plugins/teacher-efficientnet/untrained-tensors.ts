import { createHash } from 'node:crypto';
import { randomStream } from 'dna-nas/core';
import type { StateDict } from 'dna-nas/core/contracts';
import { CALIBRATE, tf } from 'dna-nas/nn';
import { EfficientNet } from 'dna-nas/nn/networks';
import { stateDict } from 'dna-nas/nn/weights';
import type { TeacherArchitecture } from './architecture.js';

/** Images by whose statistics the batch norms of an untrained network are set, and their largest extent. */
const IMAGES = 8;
const LARGEST = 64;

/** What identifies a network that is drawn: everything that it is drawn from. */
export function untrainedFingerprint({ spec, image }: TeacherArchitecture, seed: number): string {
  return createHash('sha256')
    .update(JSON.stringify({ untrained: spec, image, seed }))
    .digest('hex');
}

/**
 * Weights of a network that nobody trained. Its batch norms have the statistics of noise, without which features
 * would shrink or grow from layer to layer until nothing could be learned from them.
 */
export function untrainedTensors({ spec, image }: TeacherArchitecture, seed: number): StateDict {
  const random = randomStream(seed).fork('teacher', 'untrained');
  const network = new EfficientNet(spec).initialise(random.fork('weights'));
  const pixels = random.fork('pixels');
  const shape = { height: Math.min(image.height, LARGEST), width: Math.min(image.width, LARGEST) };
  const size = IMAGES * shape.height * shape.width * image.channels;
  const noise = Float32Array.from({ length: size }, () => pixels.normal());
  tf.tidy(() => {
    network.forward(tf.tensor4d(noise, [IMAGES, shape.height, shape.width, image.channels]), CALIBRATE);
  });
  const tensors = stateDict(network);
  network.dispose();
  return tensors;
}
