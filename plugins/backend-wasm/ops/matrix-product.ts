import type { KernelMemory } from '../kernel-memory.js';

/** Rows that `kernels/mat-mul-grad-b.ts` packs at a time. */
const GRAD_B_BLOCK = 128;

/** A matrix operand: element (i, j) lies `i · rowStep + j · columnStep` bytes behind `offset`. */
export interface Operand {
  readonly offset: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

export interface ProductSizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** Bytes of b packed into panels. */
export function panelBytes({ n, k }: { readonly n: number; readonly k: number }): number {
  return Math.ceil(n / 8) * 8 * k * 4;
}

/** c [m,n] = a [m,k] · b [k,n]; a and c are dense rows, b has any steps. */
export function multiply(
  memory: KernelMemory,
  operands: { readonly a: number; readonly b: Operand; readonly c: number },
  { m, n, k }: ProductSizes,
): void {
  const { a, b, c } = operands;
  memory.scratch(panelBytes({ n, k }), (panels) => {
    memory.kernels.packPanels(b.offset, b.rowStep, b.columnStep, k, n, panels);
    memory.kernels.matMul(a, 4 * k, panels, c, 4 * n, m, n, k);
  });
}

/**
 * out [k,n] = aᵀ · dy, where a [m,k] and dy [m,n] may come in pieces: `forEachPiece` calls its argument with the offsets
 * of each piece's rows and their number.
 */
export function multiplyTransposed(
  memory: KernelMemory,
  { n, k, out }: { readonly n: number; readonly k: number; readonly out: number },
  forEachPiece: (add: (a: number, dy: number, rows: number) => void) => void,
): void {
  const tileBytes = Math.ceil(k / 4) * Math.ceil(n / 8) * 128;
  const packedBytes = GRAD_B_BLOCK * (k + 3 + n + 7) * 4;
  memory.scratch(tileBytes + packedBytes, (tiles) => {
    memory.clear(tiles, tileBytes);
    forEachPiece((a, dy, rows) => {
      memory.kernels.matMulGradB(a, 4 * k, dy, 4 * n, tiles, tiles + tileBytes, rows, n, k);
    });
    memory.kernels.unpackTiles(tiles, out, k, n);
  });
}
