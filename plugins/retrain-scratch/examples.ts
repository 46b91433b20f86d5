import type { ImageAnswer } from 'dna-nas/accuracy';
import { readBits } from 'dna-nas/accuracy';
import type { Network } from 'dna-nas/core/contracts';
import { EVALUATE, tf } from 'dna-nas/nn';
import { PerImagePass, spreadEvenly } from 'dna-nas/nn/training';
import { measuredImages } from './targets.js';
import type { Training } from './train-network.js';

/** Test images that are kept, half of them such that the network was wrong on, where there are as many. */
const EXAMPLES = 12;

/**
 * Commits some test images as they enter the trained network, with what it tells of them: of the network that the
 * search found, or of the only one that was given. They stand beside its weights, which are passed on without them.
 */
export async function commitExamples(
  { run, task, context }: Training,
  { network, right }: { readonly network: Network; readonly right: string },
): Promise<void> {
  const name = String(task.input.name);
  const id = `examples-${name}`;
  // A start before this one may have come so far; the same weights gave the same bits.
  if ((name !== 'found' && run.architectures?.length !== 1) || context.store.hasResult(id)) return;
  const { image, size, classNames } = context.data;
  const indices = chooseExamples(readBits(right, size.test));
  const { noticed } = context.events;
  const { images, labels } = await (await measuredImages(context)).read('test', indices, { noticed });
  const shape: [number, number, number, number] = [indices.length, image.height, image.width, image.channels];
  const shares = tf.tidy(() => {
    const pass = new PerImagePass({ what: `The test of ${task.id}`, noticed });
    const logits = pass.run(tf.tensor4d(images, shape), (some) => [network.forward(some, EVALUATE)]);
    return (tf.softmax(logits[0]!) as tf.Tensor2D).arraySync();
  });
  const nameOf = (index: number) => classNames?.[index] ?? String(index);
  const told = indices.map((index, place): ImageAnswer => {
    const [row, label] = [shares[place]!, labels[place]!];
    const best = row.indexOf(Math.max(...row));
    const file = context.dataset.name?.('test', index);
    return {
      ...{ index, label: nameOf(label), told: nameOf(best) },
      ...(file !== undefined && { file }),
      ...{ labelProbability: row[label]!, probability: row[best]! },
    };
  });
  const tensors = new Map([['images', { shape, data: images }]]);
  context.store.commitResult(id, { json: { name, examples: told }, tensors });
}

/** Indices of as many wrong as right ones, each kind spread over the split; where one is short, more of the other. */
function chooseExamples(right: Uint8Array): number[] {
  const of = (kind: number) => Array.from(right.keys()).filter((index) => right[index] === kind);
  const [wrong, others] = [of(0), of(1)];
  const half = EXAMPLES / 2;
  const some = Math.min(wrong.length, Math.max(half, EXAMPLES - others.length));
  return [...spreadEvenly(wrong, some), ...spreadEvenly(others, Math.min(others.length, EXAMPLES - some))];
}
