import type { NetworkResult } from 'dna-nas/core/stages';

/**
 * What the result of a retraining says of its network. What is about the weights, and about each test image, stays in
 * the file; so does the text, unless the run was given several networks, each with a seed of its own.
 */
export function networkResult(json: Readonly<Record<string, unknown>>): NetworkResult {
  const {
    architecture,
    batchNormEpsilon: _epsilon,
    image: _image,
    classes: _classes,
    right: _right,
    byClass: _byClass,
    ...result
  } = json;
  const told = result.seed === undefined ? result : { ...result, architecture };
  return told as unknown as NetworkResult;
}
