import { applyActivation, NONE, SWISH } from './activation';
import { addToDoubles, floats, multiplyAdd, put, take } from './lanes';

/** Rows whose sums stay in single precision before they are added to the doubles. */
const BLOCK_ROWS: i32 = 64;
/** Rows whose mean is each channel's shift: sums about a value near the mean do not cancel. */
const SHIFT_ROWS: i32 = 8;

/**
 * Mean and biased variance of every channel of x [rows, c]. Scratch: per four channels a 48-byte record (shift, sum,
 * sum of squares) and, behind all records, a 64-byte one of the sums in double precision: 28 · ⌈c/4⌉ floats.
 */
export function batchNormStatistics(
  x: usize, rows: i32, channels: i32, mean: usize, variance: usize, scratch: usize,
): void {
  const groups = (channels + 3) >> 2;
  const doubles = scratch + <usize>(groups * 48);
  memory.fill(scratch, 0, <usize>(groups * 112));
  chooseShift(x, rows, channels, scratch);
  const rowBytes = floats(channels);
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, rows - start);
    sumRows(x + <usize>start * rowBytes, count, channels, scratch);
    flushSums(scratch, doubles, groups);
  }
  finishStatistics(scratch, doubles, rows, channels, mean, variance);
}

function chooseShift(x: usize, rows: i32, channels: i32, records: usize): void {
  const count = min(SHIFT_ROWS, rows);
  const share = f32x4.splat(<f32>1 / <f32>count);
  for (let i = 0; i < count; i++) {
    const row = x + <usize>((i * <i64>rows) / count) * floats(channels);
    let record = records;
    for (let j = 0; j < channels; j += 4) {
      v128.store(record, multiplyAdd(v128.load(record), share, take(row + floats(j), min(4, channels - j))));
      record += 48;
    }
  }
}

function sumRows(x: usize, rows: i32, channels: i32, records: usize): void {
  const rowBytes = floats(channels);
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    let record = records;
    for (let j = 0; j < channels; j += 4) {
      addFour(x + floats(j), rowBytes, record, min(4, channels - j));
      record += 48;
    }
    x += 4 * rowBytes;
  }
  for (; row < rows; row++) {
    let record = records;
    for (let j = 0; j < channels; j += 4) {
      const d = f32x4.sub(take(x + floats(j), min(4, channels - j)), v128.load(record));
      v128.store(record, f32x4.add(v128.load(record, 16), d), 16);
      v128.store(record, multiplyAdd(v128.load(record, 32), d, d), 32);
      record += 48;
    }
    x += rowBytes;
  }
}

@inline
function addFour(x: usize, rowBytes: usize, record: usize, lanes: i32): void {
  const shift = v128.load(record);
  const d0 = f32x4.sub(take(x, lanes), shift);
  const d1 = f32x4.sub(take(x + rowBytes, lanes), shift);
  const d2 = f32x4.sub(take(x + 2 * rowBytes, lanes), shift);
  const d3 = f32x4.sub(take(x + 3 * rowBytes, lanes), shift);
  const sum = f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3));
  const left = multiplyAdd(f32x4.mul(d0, d0), d1, d1);
  const right = multiplyAdd(f32x4.mul(d2, d2), d3, d3);
  v128.store(record, f32x4.add(v128.load(record, 16), sum), 16);
  v128.store(record, f32x4.add(v128.load(record, 32), f32x4.add(left, right)), 32);
}

function flushSums(records: usize, doubles: usize, groups: i32): void {
  const zero = f32x4.splat(0);
  for (let group = 0; group < groups; group++) {
    addToDoubles(doubles, v128.load(records, 16));
    addToDoubles(doubles + 32, v128.load(records, 32));
    v128.store(records, zero, 16);
    v128.store(records, zero, 32);
    records += 48;
    doubles += 64;
  }
}

function finishStatistics(
  records: usize, doubles: usize, rows: i32, channels: i32, mean: usize, variance: usize,
): void {
  for (let channel = 0; channel < channels; channel++) {
    const group = <usize>(channel >> 2);
    const lane = <usize>(channel & 3);
    const total = doubles + group * 64 + lane * 8;
    const first = load<f64>(total) / <f64>rows;
    const second = load<f64>(total, 32) / <f64>rows;
    const shift = <f64>load<f32>(records + group * 48 + lane * 4);
    store<f32>(mean + floats(channel), <f32>(shift + first));
    store<f32>(variance + floats(channel), <f32>max<f64>(second - first * first, 0));
  }
}

/**
 * y = activation((x − mean) · factor + offset), factor = scale / √(variance + epsilon). Scratch: 12 · ⌈c/4⌉ floats.
 */
export function batchNormApply(
  x: usize, y: usize, rows: i32, channels: i32, scale: usize, offset: usize, mean: usize, variance: usize,
  epsilon: f32, kind: i32, scratch: usize,
): void {
  for (let j = 0; j < channels; j += 4) {
    const lanes = min(4, channels - j);
    const deviation = f32x4.sqrt(f32x4.add(take(variance + floats(j), lanes), f32x4.splat(epsilon)));
    const record = scratch + <usize>(j * 12);
    v128.store(record, take(mean + floats(j), lanes));
    v128.store(record, f32x4.div(take(scale + floats(j), lanes), deviation), 16);
    v128.store(record, take(offset + floats(j), lanes), 32);
  }
  // Inlined three times, twice with a constant, so that the common activations' loops have no branches.
  if (kind == SWISH) normaliseRows(x, y, rows, channels, SWISH, scratch);
  else if (kind == NONE) normaliseRows(x, y, rows, channels, NONE, scratch);
  else normaliseRows(x, y, rows, channels, kind, scratch);
}

@inline
function normaliseRows(x: usize, y: usize, rows: i32, channels: i32, kind: i32, records: usize): void {
  const full = channels & ~3;
  const rest = channels - full;
  for (let row = 0; row < rows; row++) {
    let record = records;
    for (let j = 0; j < full; j += 4) {
      v128.store(y + floats(j), normalised(v128.load(x + floats(j)), record, kind));
      record += 48;
    }
    if (rest) put(y + floats(full), normalised(take(x + floats(full), rest), record, kind), rest);
    x += floats(channels);
    y += floats(channels);
  }
}

@inline
function normalised(x: v128, record: usize, kind: i32): v128 {
  const centred = f32x4.sub(x, v128.load(record));
  return applyActivation(kind, multiplyAdd(v128.load(record, 32), centred, v128.load(record, 16)));
}
