import { argMax, type Tensor, tidy } from '../tensor.js';

/**
 * The share of samples whose largest logit is that of their class: logits [n, classes], labels n class numbers. Waits
 * for the backend. Throws if the numbers of samples differ or there are none.
 */
export function evaluateTop1(logits: Tensor, labels: ArrayLike<number> | Tensor): number {
  const wanted = 'dataSync' in labels ? labels.dataSync() : labels;
  if (logits.rank !== 2 || logits.shape[0] !== wanted.length || wanted.length === 0) {
    throw new RangeError(
      `evaluateTop1: logits [${logits.shape}] and ${wanted.length} labels do not belong together.`,
    );
  }
  const predicted = tidy(() => argMax(logits, 1).dataSync().slice());
  let correct = 0;
  for (let sample = 0; sample < wanted.length; sample++)
    if (predicted[sample] === wanted[sample]) correct += 1;
  return correct / wanted.length;
}
