import { floats, put, take } from './lanes';

/**
 * Packs a matrix of k rows and n columns into panels of 8 columns, each k × 8 floats in a row, the last one filled up
 * with zeros. Element (i, j) lies at `matrix + i · rowStep + j · columnStep` bytes. `panels` holds ⌈n/8⌉ · k · 8 floats.
 */
export function packPanels(matrix: usize, rowStep: i32, columnStep: i32, k: i32, n: i32, panels: usize): void {
  let target = panels;
  for (let j = 0; j < n; j += 8) {
    const width = min(8, n - j);
    const source = matrix + <usize>(j * columnStep);
    if (columnStep == 4) packRows(source, rowStep, k, width, target);
    else packColumns(source, rowStep, columnStep, k, width, target);
    target += floats(8 * k);
  }
}

/** Copies k rows of `width` (at most 8) neighbouring floats, zeros behind them. */
@inline
export function packRows(source: usize, rowStep: i32, k: i32, width: i32, target: usize): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < k; i++) {
    const row = source + <usize>(i * rowStep);
    const out = target + floats(8 * i);
    v128.store(out, take(row, width));
    v128.store(out, width > 4 ? take(row + 16, width - 4) : zero, 16);
  }
}

function packColumns(source: usize, rowStep: i32, columnStep: i32, k: i32, width: i32, target: usize): void {
  for (let j = 0; j < 8; j++) {
    const column = source + <usize>(j * columnStep);
    for (let i = 0; i < k; i++) {
      const value: f32 = j < width ? load<f32>(column + <usize>(i * rowStep)) : 0;
      store<f32>(target + floats(8 * i + j), value);
    }
  }
}

/** Stores up to 8 floats held in two vectors. */
@inline
export function putPair(out: usize, low: v128, high: v128, width: i32): void {
  put(out, low, width);
  if (width > 4) put(out + 16, high, width - 4);
}
