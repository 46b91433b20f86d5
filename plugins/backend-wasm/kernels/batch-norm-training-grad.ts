import { activationGradient, NONE, SWISH } from './activation';
import { addToDoubles, floats, multiplyAdd, put, take } from './lanes';

/** Rows whose sums stay in single precision before they are added to the doubles. */
const BLOCK_ROWS: i32 = 64;
/** Bytes of a four-channel record: mean, factor, offset, Σ dz, Σ dz · (x − mean). */
const RECORD: usize = 80;

/**
 * Gradients of `batchNormApply` with the statistics' own gradient. With z the normalised value before the activation
 * and dz = dy · activation'(z): doffset = Σ dz, dscale = Σ dz · x̂,
 * dx = factor · (dz − mean(dz) − x̂ · mean(dz · x̂)). z is computed again from x; dz waits in dx's place.
 * Scratch: 36 · ⌈c/4⌉ floats.
 */
export function batchNormGrad(
  dy: usize, x: usize, rows: i32, channels: i32, scale: usize, offset: usize, mean: usize, variance: usize,
  epsilon: f32, kind: i32, dx: usize, dscale: usize, doffset: usize, scratch: usize,
): void {
  const groups = (channels + 3) >> 2;
  const doubles = scratch + <usize>groups * RECORD;
  memory.fill(scratch, 0, <usize>groups * (RECORD + 64));
  fillRecords(scratch, channels, scale, offset, mean, variance, epsilon);
  const rowBytes = floats(channels);
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    const at = <usize>start * rowBytes;
    const count = min(BLOCK_ROWS, rows - start);
    // Inlined three times, twice with a constant, so that the common activations' loops have no branches.
    if (kind == SWISH) sumGradients(dy + at, x + at, dx + at, count, channels, SWISH, scratch);
    else if (kind == NONE) sumGradients(dy + at, x + at, dx + at, count, channels, NONE, scratch);
    else sumGradients(dy + at, x + at, dx + at, count, channels, kind, scratch);
    flushSums(scratch, doubles, groups);
  }
  finishSums(scratch, doubles, rows, channels, scale, variance, epsilon, dscale, doffset);
  writeInputGradient(dx, x, rows, channels, scratch);
}

function fillRecords(
  records: usize, channels: i32, scale: usize, offset: usize, mean: usize, variance: usize, epsilon: f32,
): void {
  for (let j = 0; j < channels; j += 4) {
    const lanes = min(4, channels - j);
    const deviation = f32x4.sqrt(f32x4.add(take(variance + floats(j), lanes), f32x4.splat(epsilon)));
    v128.store(records, take(mean + floats(j), lanes));
    v128.store(records, f32x4.div(take(scale + floats(j), lanes), deviation), 16);
    v128.store(records, take(offset + floats(j), lanes), 32);
    records += RECORD;
  }
}

@inline
function sumGradients(
  dy: usize, x: usize, dz: usize, rows: i32, channels: i32, kind: i32, records: usize,
): void {
  const full = channels & ~3;
  const rest = channels - full;
  for (let row = 0; row < rows; row++) {
    let record = records;
    for (let j = 0; j < full; j += 4) {
      const at = floats(j);
      v128.store(dz + at, sumGradient(v128.load(dy + at), v128.load(x + at), kind, record));
      record += RECORD;
    }
    const at = floats(full);
    if (rest) put(dz + at, sumGradient(take(dy + at, rest), take(x + at, rest), kind, record), rest);
    dy += floats(channels);
    x += floats(channels);
    dz += floats(channels);
  }
}

@inline
function sumGradient(dy: v128, x: v128, kind: i32, record: usize): v128 {
  const centred = f32x4.sub(x, v128.load(record));
  const z = multiplyAdd(v128.load(record, 32), centred, v128.load(record, 16));
  const dz = activationGradient(kind, dy, z);
  v128.store(record, f32x4.add(v128.load(record, 48), dz), 48);
  v128.store(record, multiplyAdd(v128.load(record, 64), dz, centred), 64);
  return dz;
}

function flushSums(records: usize, doubles: usize, groups: i32): void {
  const zero = f32x4.splat(0);
  for (let group = 0; group < groups; group++) {
    addToDoubles(doubles, v128.load(records, 48));
    addToDoubles(doubles + 32, v128.load(records, 64));
    v128.store(records, zero, 48);
    v128.store(records, zero, 64);
    records += RECORD;
    doubles += 64;
  }
}

/** Writes dscale and doffset; into the records what the second pass subtracts, a constant and a multiple of x − mean. */
function finishSums(
  records: usize, doubles: usize, rows: i32, channels: i32, scale: usize, variance: usize, epsilon: f32,
  dscale: usize, doffset: usize,
): void {
  for (let channel = 0; channel < channels; channel++) {
    const group = <usize>(channel >> 2);
    const lane = <usize>(channel & 3);
    const total = doubles + group * 64 + lane * 8;
    const sum = load<f64>(total);
    const product = load<f64>(total, 32);
    const precision = 1 / (<f64>load<f32>(variance + floats(channel)) + <f64>epsilon);
    const inverse = Math.sqrt(precision);
    store<f32>(doffset + floats(channel), <f32>sum);
    store<f32>(dscale + floats(channel), <f32>(product * inverse));
    const factor = <f64>load<f32>(scale + floats(channel)) * inverse;
    const record = records + group * RECORD + lane * 4;
    store<f32>(record, <f32>((factor * sum) / <f64>rows), 32);
    store<f32>(record, <f32>((factor * precision * product) / <f64>rows), 48);
  }
}

function writeInputGradient(dx: usize, x: usize, rows: i32, channels: i32, records: usize): void {
  const full = channels & ~3;
  const rest = channels - full;
  for (let row = 0; row < rows; row++) {
    let record = records;
    for (let j = 0; j < full; j += 4) {
      const at = floats(j);
      v128.store(dx + at, inputGradient(v128.load(dx + at), v128.load(x + at), record));
      record += RECORD;
    }
    const at = floats(full);
    if (rest) put(dx + at, inputGradient(take(dx + at, rest), take(x + at, rest), record), rest);
    dx += floats(channels);
    x += floats(channels);
  }
}

@inline
function inputGradient(dz: v128, x: v128, record: usize): v128 {
  const centred = f32x4.sub(x, v128.load(record));
  const scaled = f32x4.sub(f32x4.mul(dz, v128.load(record, 16)), v128.load(record, 32));
  return f32x4.sub(scaled, f32x4.mul(centred, v128.load(record, 48)));
}
