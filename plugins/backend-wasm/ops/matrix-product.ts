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

/** Packs b [k,n] into panels. */
export function packPanels(
  { kernels }: KernelMemory,
  { offset, rowStep, columnStep }: Operand,
  { k, n, panels }: { readonly k: number; readonly n: number; readonly panels: number },
): void {
  kernels.packPanels({ matrix: offset, rowStep, columnStep, k, n, panels });
}

/** c [m,n] = a [m,k] · b [k,n]; a and c are dense rows, b has any steps. */
export function multiply(
  memory: KernelMemory,
  operands: { readonly a: number; readonly b: Operand; readonly c: number },
  { m, n, k }: ProductSizes,
): void {
  const { a, b, c } = operands;
  memory.scratch(panelBytes({ n, k }), (panels) => {
    packPanels(memory, b, { k, n, panels });
    memory.kernels.matMul({ a, aStep: 4 * k, panels, c, cStep: 4 * n, m, n, k });
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
      memory.kernels.matMulGradB({
        a,
        aStep: 4 * k,
        dy,
        dyStep: 4 * n,
        tiles,
        packed: tiles + tileBytes,
        m: rows,
        n,
        k,
      });
    });
    memory.kernels.unpackTiles({ tiles, out, k, n });
  });
}
