import { tf } from 'dna-nas/nn';
import type { Attributes } from '../graph/graph.js';
import type { Traced } from '../tracing/operand.js';
import { type KernelCall, type Mappings, tracedInput } from './mapping.js';
import { globalMean } from './reductions.js';
import { type PlainWindow, resolvedWindow } from './windows.js';

function pooled(op: string, further: Attributes = {}): (call: KernelCall) => Traced {
  return (call) => {
    const { recording } = call;
    const x = tracedInput(call, 'x');
    const { filterSize, strides, pad, dimRoundingMode } = call.attributes as PlainWindow & {
      readonly filterSize: [number, number] | number;
    };
    const shape = x.shape as [number, number, number, number];
    const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const { strides: steps, padding } = resolvedWindow(call, info);
    const [top, bottom, left, right] = padding;
    return recording.add(op, [recording.value(x)], {
      shape: info.outShape,
      attributes: {
        kernel_shape: { ints: [info.filterHeight, info.filterWidth] },
        strides: { ints: steps },
        pads: { ints: [top, left, bottom, right] },
        ...further,
      },
    });
  };
}

/** Means and maxima over windows, and over whole maps. Means count no padding. */
export const pooling: Mappings = {
  DnaGlobalMean: (call) => globalMean(call.recording, tracedInput(call, 'x')),
  AvgPool: pooled('AveragePool', { count_include_pad: { int: 0 } }),
  MaxPool: pooled('MaxPool'),
};
