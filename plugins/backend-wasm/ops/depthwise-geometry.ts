import type { ConvolutionSizes } from './convolution-sizes.js';

/** One vector of four floats, and one pixel of a plane: 16 floats. */
const VECTOR_BYTES = 16;
const PIXEL_BYTES = 64;

/** The AssemblyScript class `Plane`: a zero-bordered copy of 16 channels of an image. */
export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly top: number;
  readonly left: number;
  readonly runs: number;
  readonly runLength: number;
  readonly rows: number;
  readonly columns: number;
}

/** One family of outputs and the taps that reach it: byte offsets in the plane and in the packed filter. */
export interface Phase {
  readonly taps: readonly { readonly plane: number; readonly filter: number }[];
  readonly planeStart: number;
  readonly planeRowStep: number;
  readonly rows: number;
  readonly columns: number;
  readonly outStart: number;
  readonly outRowStep: number;
  readonly outColumnStep: number;
}

export function planeAsIntegers(plane: Plane): number[] {
  const { height, width, channels, top, left, runs, runLength, rows, columns } = plane;
  return [height, width, channels, top, left, runs, runLength, rows, columns];
}

export function planeBytes(plane: Plane): number {
  return plane.rows * plane.columns * PIXEL_BYTES;
}

/** Columns rounded up to what the filter's gradient takes at a time: 7 where that divides them, else 4. */
export function stripColumns(columns: number): number {
  return columns % 7 === 0 ? columns : Math.ceil(columns / 4) * 4;
}

/** x's plane for the forward pass and the filter's gradient, wide enough for `outColumns` outputs a row. */
export function inputPlane(sizes: ConvolutionSizes, outColumns: number): Plane {
  const { strides, dilations, padding } = sizes.attributes;
  const columns = (outColumns - 1) * strides[1] + (sizes.filterWidth - 1) * dilations[1] + 1;
  const runLength = Math.ceil(columns / strides[1]);
  return {
    ...{ height: sizes.height, width: sizes.width, channels: sizes.channels },
    ...{ top: padding[0], left: padding[2], runs: strides[1], runLength },
    rows: (sizes.outHeight - 1) * strides[0] + (sizes.filterHeight - 1) * dilations[0] + 1,
    columns: strides[1] * runLength,
  };
}

/** Bytes in x's plane from an output's place to each of its taps, in the filter's order. */
export function tapOffsets(sizes: ConvolutionSizes, plane: Plane): number[] {
  const { strides, dilations } = sizes.attributes;
  const offsets: number[] = [];
  for (let row = 0; row < sizes.filterHeight; row++) {
    for (let column = 0; column < sizes.filterWidth; column++) {
      const shift = column * dilations[1];
      const run = row * dilations[0] * plane.runs + (shift % strides[1]);
      offsets.push((run * plane.runLength + Math.floor(shift / strides[1])) * PIXEL_BYTES);
    }
  }
  return offsets;
}

/** Bytes from one output row's place in x's plane to the next. */
export function inputRowStep(sizes: ConvolutionSizes, plane: Plane): number {
  return sizes.attributes.strides[0] * plane.columns * PIXEL_BYTES;
}

/** The forward pass: one phase, every tap. */
export function forwardPhase(sizes: ConvolutionSizes, plane: Plane): Phase {
  return {
    taps: tapOffsets(sizes, plane).map((offset, tap) => ({ plane: offset, filter: tap * VECTOR_BYTES })),
    planeStart: 0,
    planeRowStep: inputRowStep(sizes, plane),
    ...{ rows: sizes.outHeight, columns: sizes.outWidth, outStart: 0 },
    ...{ outRowStep: sizes.outWidth * sizes.channels, outColumnStep: sizes.channels },
  };
}

/** The input positions of one remainder modulo the stride along an axis, and the taps that reach them. */
interface AxisPhase {
  /** First input position, and its place counted in outputs. */
  readonly first: number;
  readonly place: number;
  readonly count: number;
  /** Filter index, and how many outputs before the place its output lies. */
  readonly taps: readonly { readonly index: number; readonly shift: number }[];
}

function axisPhases(sizes: ConvolutionSizes, axis: 0 | 1): AxisPhase[] {
  const { strides, dilations, padding } = sizes.attributes;
  const [stride, dilation, pad] = [strides[axis], dilations[axis], padding[2 * axis]!];
  const extent = axis === 0 ? sizes.height : sizes.width;
  const filter = axis === 0 ? sizes.filterHeight : sizes.filterWidth;
  return Array.from({ length: stride }, (_, remainder) => {
    const first = (((remainder - pad) % stride) + stride) % stride;
    const indices = Array.from({ length: filter }, (_, index) => index);
    return {
      first,
      place: (first + pad - remainder) / stride,
      count: first < extent ? Math.floor((extent - 1 - first) / stride) + 1 : 0,
      taps: indices
        .filter((index) => (index * dilation) % stride === remainder)
        .map((index) => ({ index, shift: (index * dilation - remainder) / stride })),
    };
  }).filter((phase) => phase.count > 0);
}

/** Zeros before dy's first output, and the plane's extent, along an axis. */
function axisExtent(phases: readonly AxisPhase[]): { readonly before: number; readonly extent: number } {
  const before = Math.max(0, ...phases.flatMap((phase) => phase.taps.map((tap) => tap.shift)));
  return { before, extent: before + Math.max(...phases.map((phase) => phase.place + phase.count)) };
}

/** dy's plane and one phase for each input position modulo the strides: no multiply-add is spent on a zero between. */
export function gradInputPhases(sizes: ConvolutionSizes): {
  readonly plane: Plane;
  readonly phases: Phase[];
} {
  const vertical = axisPhases(sizes, 0);
  const horizontal = axisPhases(sizes, 1);
  const { before: top, extent: rows } = axisExtent(vertical);
  const { before: left, extent: columns } = axisExtent(horizontal);
  const plane: Plane = {
    ...{ height: sizes.outHeight, width: sizes.outWidth, channels: sizes.channels },
    ...{ top, left, runs: 1, runLength: columns, rows, columns },
  };
  const phases = vertical.flatMap((row) =>
    horizontal.map((column) => gradInputPhase(sizes, plane, [row, column])),
  );
  return { plane, phases };
}

function gradInputPhase(sizes: ConvolutionSizes, plane: Plane, [row, column]: [AxisPhase, AxisPhase]): Phase {
  const { width, channels, filterWidth } = sizes;
  const { strides } = sizes.attributes;
  const taps = row.taps.flatMap((a) =>
    column.taps.map((b) => ({
      plane: ((plane.top - a.shift) * plane.columns + plane.left - b.shift) * PIXEL_BYTES,
      filter: (a.index * filterWidth + b.index) * VECTOR_BYTES,
    })),
  );
  return {
    taps,
    planeStart: (row.place * plane.columns + column.place) * PIXEL_BYTES,
    planeRowStep: plane.columns * PIXEL_BYTES,
    ...{ rows: row.count, columns: column.count },
    outStart: (row.first * width + column.first) * channels,
    outRowStep: strides[0] * width * channels,
    outColumnStep: strides[1] * channels,
  };
}
