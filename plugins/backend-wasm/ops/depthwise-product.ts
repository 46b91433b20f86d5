import type { tf } from 'dna-nas/nn';
import type { KernelMemory } from '../kernel-memory.js';
import { type ConvolutionSizes, outputShape } from './convolution-sizes.js';
import {
  forwardPhase,
  gradInputPhases,
  inputPlane,
  inputRowStep,
  type Phase,
  type Plane,
  planeAsIntegers,
  planeBytes,
  stripColumns,
  tapOffsets,
} from './depthwise-geometry.js';

/** Integers of the AssemblyScript classes `Plane` and `Phase`. */
const PLANE_INTEGERS = 9;
const PHASE_INTEGERS = 9;

/** Lends one scratch block in parts of the given bytes, each on a 16-byte boundary of the block. */
function scratchParts(
  memory: KernelMemory,
  bytes: readonly number[],
  use: (...parts: number[]) => void,
): void {
  const rounded = bytes.map((count) => Math.ceil(count / 16) * 16);
  const total = rounded.reduce((sum, count) => sum + count, 0);
  memory.scratch(total, (start) => {
    let next = start;
    const parts = rounded.map((count) => {
      next += count;
      return next - count;
    });
    use(...parts);
  });
}

function packedFilterBytes(sizes: ConvolutionSizes): number {
  return Math.ceil(sizes.channels / 4) * sizes.filterHeight * sizes.filterWidth * 16;
}

/** Plane, phases and tap tables as the kernel reads them from `base` on. */
function geometryAsIntegers(base: number, plane: Plane, phases: readonly Phase[]): number[] {
  const integers = planeAsIntegers(plane);
  let table = base + 4 * (PLANE_INTEGERS + PHASE_INTEGERS * phases.length);
  for (const phase of phases) {
    integers.push(phase.taps.length, table, phase.planeStart, phase.planeRowStep, phase.rows, phase.columns);
    integers.push(phase.outStart, phase.outRowStep, phase.outColumnStep);
    table += 8 * phase.taps.length;
  }
  for (const phase of phases) {
    for (const tap of phase.taps) integers.push(tap.plane, tap.filter);
  }
  return integers;
}

interface Correlation {
  readonly from: tf.TensorInfo;
  readonly filter: tf.TensorInfo;
  readonly to: tf.TensorInfo;
  readonly plane: Plane;
  readonly phases: readonly Phase[];
}

function correlate(memory: KernelMemory, sizes: ConvolutionSizes, work: Correlation): void {
  const { from, filter, to, plane, phases } = work;
  const { kernels } = memory;
  const { batch, channels } = sizes;
  const taps = sizes.filterHeight * sizes.filterWidth;
  const integerBytes = 4 * geometryAsIntegers(0, plane, phases).length;
  const outFloats = to.shape[1]! * to.shape[2]! * to.shape[3]!;
  const parts = [integerBytes, packedFilterBytes(sizes), planeBytes(plane)];
  scratchParts(memory, parts, (geometry = 0, packed = 0, scratch = 0) => {
    memory.integers(geometry, integerBytes / 4).set(geometryAsIntegers(geometry, plane, phases));
    memory.clear(scratch, planeBytes(plane));
    kernels.packDepthwiseFilter({ filter: memory.offset(filter), taps, channels, packed });
    kernels.depthwiseCorrelate({
      x: memory.offset(from),
      y: memory.offset(to),
      filter: packed,
      taps,
      planeSizes: geometry,
      phases: geometry + 4 * PLANE_INTEGERS,
      phaseCount: phases.length,
      scratch,
      batch,
      outFloats,
    });
  });
}

/** y = x ∗ filter, channel by channel. */
export function depthwiseConvolve(
  memory: KernelMemory,
  { x, filter }: { readonly x: tf.TensorInfo; readonly filter: tf.TensorInfo },
  sizes: ConvolutionSizes,
): tf.TensorInfo {
  const y = memory.output(outputShape(sizes));
  const plane = inputPlane(sizes, sizes.outWidth);
  correlate(memory, sizes, { from: x, filter, to: y, plane, phases: [forwardPhase(sizes, plane)] });
  return y;
}

/** The input's gradient: dy correlated with the filter's taps for each input position modulo the strides. */
export function depthwiseGradInput(
  memory: KernelMemory,
  { dy, filter }: { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo },
  sizes: ConvolutionSizes,
): tf.TensorInfo {
  const dx = memory.output([sizes.batch, sizes.height, sizes.width, sizes.channels]);
  correlate(memory, sizes, { from: dy, filter, to: dx, ...gradInputPhases(sizes) });
  return dx;
}

/** dy's plane for the filter's gradient: no border but zeros up to whole strips. */
function outputPlane(sizes: ConvolutionSizes): Plane {
  const columns = stripColumns(sizes.outWidth);
  return {
    ...{ height: sizes.outHeight, width: sizes.outWidth, channels: sizes.channels },
    ...{ top: 0, left: 0, runs: 1, runLength: columns, rows: sizes.outHeight, columns },
  };
}

/** The filter's gradient. */
export function depthwiseGradFilter(
  memory: KernelMemory,
  { x, dy }: { readonly x: tf.TensorInfo; readonly dy: tf.TensorInfo },
  sizes: ConvolutionSizes,
): tf.TensorInfo {
  const { kernels } = memory;
  const { filterHeight, filterWidth, channels, batch } = sizes;
  const dfilter = memory.output([filterHeight, filterWidth, channels, 1]);
  const taps = filterHeight * filterWidth;
  const dyPlane = outputPlane(sizes);
  const xPlane = inputPlane(sizes, dyPlane.columns);
  const integers = [...planeAsIntegers(xPlane), ...planeAsIntegers(dyPlane), ...tapOffsets(sizes, xPlane)];
  const planes = [planeBytes(xPlane), planeBytes(dyPlane)] as const;
  const parts = [4 * integers.length, packedFilterBytes(sizes), ...planes, 64 * taps];
  scratchParts(memory, parts, (geometry = 0, sums = 0, xScratch = 0, dyScratch = 0, imageSums = 0) => {
    memory.integers(geometry, integers.length).set(integers);
    memory.clear(sums, imageSums - sums);
    const dySizes = geometry + 4 * PLANE_INTEGERS;
    kernels.depthwiseGradFilter({
      x: memory.offset(x),
      dy: memory.offset(dy),
      sums,
      taps,
      table: dySizes + 4 * PLANE_INTEGERS,
      xSizes: geometry,
      dySizes,
      xRowStep: inputRowStep(sizes, xPlane),
      xScratch,
      dyScratch,
      imageSums,
      batch,
    });
    kernels.unpackDepthwiseFilter({ packed: sums, taps, channels, filter: memory.offset(dfilter) });
  });
  return dfilter;
}
