import { floats, multiplyAdd, take } from './lanes';
import { packRows, putPair } from './panels';

/** Rows summed in registers before they are added to the tiles: the packed blocks stay in cache, the sums exact. */
export const GRAD_B_BLOCK: i32 = 128;

/**
 * Adds aᵀ [k,m] · dy [m,n] to `tiles`: ⌈k/4⌉ · ⌈n/8⌉ tiles of 4 × 8 sums, which the caller zeroed. `packed` is scratch
 * of 128 · (k + 3 + n + 7) floats.
 */
export function matMulGradB(
  a: usize, aStep: i32, dy: usize, dyStep: i32, tiles: usize, packed: usize, m: i32, n: i32, k: i32,
): void {
  for (let start = 0; start < m; start += GRAD_B_BLOCK) {
    const rows = min(GRAD_B_BLOCK, m - start);
    const dyPanels = packed;
    const aPanels = packed + floats(rows * ((n + 7) & ~7));
    const dyBlock = dy + <usize>start * dyStep;
    for (let j = 0; j < n; j += 8) {
      packRows(dyBlock + floats(j), dyStep, rows, min(8, n - j), dyPanels + floats(rows * j));
    }
    packFours(a + <usize>start * aStep, aStep, rows, k, aPanels);
    let tile = tiles;
    for (let i = 0; i < k; i += 4) {
      for (let j = 0; j < n; j += 8) {
        addTile(aPanels + floats(rows * i), dyPanels + floats(rows * j), rows, tile);
        tile += 128;
      }
    }
  }
}

/** Packs rows of k floats into panels of 4 columns, zeros behind the last column. */
function packFours(source: usize, step: i32, rows: i32, k: i32, target: usize): void {
  for (let i = 0; i < k; i += 4) {
    const lanes = min(4, k - i);
    let from = source + floats(i);
    for (let row = 0; row < rows; row++) {
      v128.store(target, take(from, lanes));
      from += step;
      target += 16;
    }
  }
}

@inline
function addTile(a: usize, dy: usize, rows: i32, tile: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  const end = a + floats(4 * rows);
  for (; a < end; a += 16) {
    const b0 = v128.load(dy);
    const b1 = v128.load(dy, 16);
    let x = v128.load32_splat(a);
    s00 = multiplyAdd(s00, x, b0);
    s01 = multiplyAdd(s01, x, b1);
    x = v128.load32_splat(a, 4);
    s10 = multiplyAdd(s10, x, b0);
    s11 = multiplyAdd(s11, x, b1);
    x = v128.load32_splat(a, 8);
    s20 = multiplyAdd(s20, x, b0);
    s21 = multiplyAdd(s21, x, b1);
    x = v128.load32_splat(a, 12);
    s30 = multiplyAdd(s30, x, b0);
    s31 = multiplyAdd(s31, x, b1);
    dy += 32;
  }
  v128.store(tile, f32x4.add(v128.load(tile), s00));
  v128.store(tile, f32x4.add(v128.load(tile, 16), s01), 16);
  v128.store(tile, f32x4.add(v128.load(tile, 32), s10), 32);
  v128.store(tile, f32x4.add(v128.load(tile, 48), s11), 48);
  v128.store(tile, f32x4.add(v128.load(tile, 64), s20), 64);
  v128.store(tile, f32x4.add(v128.load(tile, 80), s21), 80);
  v128.store(tile, f32x4.add(v128.load(tile, 96), s30), 96);
  v128.store(tile, f32x4.add(v128.load(tile, 112), s31), 112);
}

/** Writes the tiles of `matMulGradB` as a [k,n] matrix. */
export function unpackTiles(tiles: usize, out: usize, k: i32, n: i32): void {
  for (let i = 0; i < k; i += 4) {
    for (let j = 0; j < n; j += 8) {
      const width = min(8, n - j);
      for (let row = i; row < min(i + 4, k); row++) {
        const sums = tiles + <usize>(32 * (row - i));
        putPair(out + floats(row * n + j), v128.load(sums), v128.load(sums, 16), width);
      }
      tiles += 128;
    }
  }
}
