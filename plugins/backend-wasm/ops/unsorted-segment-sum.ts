import { tf } from 'dna-nas/nn';
import { sizeOf, tfjsKernel } from '../wasm-op.js';

/** tfjs's UnsortedSegmentSum (the gradient of gather): out[s] = Σ of x's slices whose segment is s. */
export const unsortedSegmentSum = tfjsKernel<'x' | 'segmentIds', { readonly numSegments: number }>(
  tf.UnsortedSegmentSum,
  ({ inputs: { x, segmentIds }, attributes, memory }) => {
    const slice = sizeOf(x.shape.slice(segmentIds.shape.length));
    const out = memory.output([attributes.numSegments, ...x.shape.slice(1)]);
    if (segmentIds.shape.length !== 1) {
      throw new Error(`UnsortedSegmentSum on wasm wants one axis of segment ids, not [${segmentIds.shape}].`);
    }
    const sums = memory.floats(memory.offset(out), sizeOf(out.shape)).fill(0);
    const values = memory.floats(memory.offset(x), sizeOf(x.shape));
    const segments = memory.integers(memory.offset(segmentIds), sizeOf(segmentIds.shape));
    segments.forEach((segment, row) => {
      if (segment < 0 || segment >= attributes.numSegments) return;
      for (let i = 0; i < slice; i++) sums[segment * slice + i]! += values[row * slice + i]!;
    });
    return out;
  },
);
