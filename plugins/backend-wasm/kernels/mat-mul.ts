import { floats, multiplyAdd } from './lanes';
import { putPair } from './panels';

/** Rows of a that stay in the first cache while every panel passes over them. */
const BLOCK_BYTES: i32 = 32768;

/**
 * c [m,n] = a [m,k] · b, with b in panels of 8 columns (see `packPanels`). `aStep` and `cStep` are bytes from one row to
 * the next.
 */
export function matMul(a: usize, aStep: i32, panels: usize, c: usize, cStep: i32, m: i32, n: i32, k: i32): void {
  const block = max(4, (BLOCK_BYTES / (4 * max(k, 1))) & ~3);
  for (let start = 0; start < m; start += block) {
    const rows = min(block, m - start);
    const aBlock = a + <usize>start * aStep;
    const cBlock = c + <usize>start * cStep;
    for (let j = 0; j < n; j += 8) {
      multiplyPanel(aBlock, aStep, panels + floats(j * k), cBlock + floats(j), cStep, rows, min(8, n - j), k);
    }
  }
}

function multiplyPanel(
  a: usize, aStep: usize, panel: usize, c: usize, cStep: usize, rows: i32, width: i32, k: i32,
): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    multiplyFourRows(a, aStep, panel, c, cStep, width, k);
    a += 4 * aStep;
    c += 4 * cStep;
  }
  for (; row < rows; row++) {
    multiplyRow(a, panel, c, width, k);
    a += aStep;
    c += cStep;
  }
}

@inline
function multiplyFourRows(
  a: usize, aStep: usize, panel: usize, c: usize, cStep: usize, width: i32, k: i32,
): void {
  let a0 = a;
  let a1 = a0 + aStep;
  let a2 = a1 + aStep;
  let a3 = a2 + aStep;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  const end = panel + floats(8 * k);
  for (; panel < end; panel += 32) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a0);
    s00 = multiplyAdd(s00, x, b0);
    s01 = multiplyAdd(s01, x, b1);
    x = v128.load32_splat(a1);
    s10 = multiplyAdd(s10, x, b0);
    s11 = multiplyAdd(s11, x, b1);
    x = v128.load32_splat(a2);
    s20 = multiplyAdd(s20, x, b0);
    s21 = multiplyAdd(s21, x, b1);
    x = v128.load32_splat(a3);
    s30 = multiplyAdd(s30, x, b0);
    s31 = multiplyAdd(s31, x, b1);
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
  }
  putPair(c, s00, s01, width);
  putPair(c + cStep, s10, s11, width);
  putPair(c + 2 * cStep, s20, s21, width);
  putPair(c + 3 * cStep, s30, s31, width);
}

function multiplyRow(a: usize, panel: usize, c: usize, width: i32, k: i32): void {
  let low = f32x4.splat(0);
  let high = low;
  for (let i = 0; i < k; i++) {
    const x = v128.load32_splat(a + floats(i));
    low = multiplyAdd(low, x, v128.load(panel + floats(8 * i)));
    high = multiplyAdd(high, x, v128.load(panel + floats(8 * i), 16));
  }
  putPair(c, low, high, width);
}
