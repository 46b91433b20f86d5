import { correlateRow, GROUP_CHANNELS, gatherPlane, Plane } from './depthwise-plane';
import { floats, put, take } from './lanes';

/** One family of outputs: the whole output forward; backward one for each position modulo the strides. */
@unmanaged
class Phase {
  /** Taps and the byte offset of their table. */
  taps: i32;
  table: u32;
  /** Bytes from the plane's start to the first output's place, and from one output row's place to the next. */
  planeStart: i32;
  planeRowStep: i32;
  /** Outputs of this phase, and where they go: floats from the image's start, a row, a column. */
  rows: i32;
  columns: i32;
  outStart: i32;
  outRowStep: i32;
  outColumnStep: i32;
}

/** Bytes of a `Phase`. */
const PHASE_BYTES: usize = 36;

/** Packs a filter [taps, c] into ⌈c/4⌉ blocks of one vector a tap, zeros behind the last channel. */
export function packDepthwiseFilter(filter: usize, taps: i32, channels: i32, packed: usize): void {
  for (let channel = 0; channel < channels; channel += 4) {
    const lanes = min(4, channels - channel);
    for (let tap = 0; tap < taps; tap++) {
      v128.store(packed, take(filter + floats(tap * channels + channel), lanes));
      packed += 16;
    }
  }
}

/** The reverse of `packDepthwiseFilter`. */
export function unpackDepthwiseFilter(packed: usize, taps: i32, channels: i32, filter: usize): void {
  for (let channel = 0; channel < channels; channel += 4) {
    const lanes = min(4, channels - channel);
    for (let tap = 0; tap < taps; tap++) {
      put(filter + floats(tap * channels + channel), v128.load(packed), lanes);
      packed += 16;
    }
  }
}

/**
 * Correlates every image and channel with a packed filter of `taps` taps: the forward pass, and with other tables the
 * gradient for the input. `scratch` is the zeroed plane; `outFloats` are one image's output.
 */
export function depthwiseCorrelate(
  x: usize,
  y: usize,
  filter: usize,
  taps: i32,
  planeSizes: usize,
  phases: usize,
  phaseCount: i32,
  scratch: usize,
  batch: i32,
  outFloats: i32,
): void {
  const plane = changetype<Plane>(planeSizes);
  const imageBytes = floats(plane.height * plane.width * plane.channels);
  for (let image = 0; image < batch; image++) {
    let block = filter;
    for (let channel = 0; channel < plane.channels; channel += GROUP_CHANNELS) {
      gatherPlane(x, plane, channel, scratch);
      const channels = min(GROUP_CHANNELS, plane.channels - channel);
      for (let i = 0; i < phaseCount; i++) {
        const phase = changetype<Phase>(phases + <usize>i * PHASE_BYTES);
        correlatePhase(phase, scratch, block, (<usize>taps) << 4, y + floats(channel), channels);
      }
      block += <usize>(taps * 4 * GROUP_CHANNELS);
    }
    x += imageBytes;
    y += floats(outFloats);
  }
}

function correlatePhase(
  phase: Phase,
  plane: usize,
  filter: usize,
  filterBytes: usize,
  y: usize,
  channels: i32,
): void {
  const table = <usize>phase.table;
  const tableEnd = table + ((<usize>phase.taps) << 3);
  const outStep = floats(phase.outColumnStep);
  let from = plane + phase.planeStart;
  let out = y + floats(phase.outStart);
  for (let row = 0; row < phase.rows; row++) {
    let block = filter;
    for (let j = 0; j < channels; j += 4) {
      const at = floats(j);
      correlateRow(from + at, table, tableEnd, block, out + at, outStep, phase.columns, min(4, channels - j));
      block += filterBytes;
    }
    from += phase.planeRowStep;
    out += floats(phase.outRowStep);
  }
}
