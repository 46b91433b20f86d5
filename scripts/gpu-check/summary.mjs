// What is kept of a tensor to compare it with the same tensor of another process.

/** Of the tensors of one result together. */
const SAMPLES = 8192;
const FEWEST = 64;

/** @typedef {{ shape: number[], norm: number, bad: number, samples: string }} Summary */

/**
 * Norm over all values, how many are not finite, and values from the whole tensor, which is one of so many.
 * @returns {Summary}
 */
export function summarise(values, shape, tensors = 1) {
  let [squares, bad] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    squares += value * value;
    if (!Number.isFinite(value)) bad += 1;
  }
  const kept = Float32Array.from(
    places(values.length, Math.max(FEWEST, SAMPLES / tensors)),
    (at) => values[at],
  );
  return { shape, norm: Math.sqrt(squares), bad, samples: Buffer.from(kept.buffer).toString('base64') };
}

/** Places all over a tensor, its last one included; odd steps, so that all channels come up. */
function places(size, count) {
  const step = Math.max(1, Math.floor(size / count)) | 1;
  const found = [];
  for (let at = 0; at < size; at += step) found.push(at);
  if (size > 0) found.push(size - 1);
  return found;
}

/**
 * Distance of two summaries of the same tensor: the larger of the distance of their samples, in norms of those of the
 * reference, and of the difference of their norms. Not finite where a value is not.
 */
export function distance(found, expected) {
  if (found.bad > 0 || String(found.shape) !== String(expected.shape)) return Number.POSITIVE_INFINITY;
  const [a, b] = [samplesOf(found), samplesOf(expected)];
  let [difference, norm] = [0, 0];
  for (let at = 0; at < b.length; at++) {
    difference += (a[at] - b[at]) ** 2;
    norm += b[at] ** 2;
  }
  const ofSamples = norm === 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
  const ofNorms = Math.abs(found.norm - expected.norm) / (expected.norm || 1);
  return Math.max(ofSamples, ofNorms);
}

function samplesOf({ samples }) {
  const bytes = Buffer.from(samples, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
