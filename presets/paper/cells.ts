/** One row of the paper's table of cells: stride of the block's first layer, and its cells as layers × channels. */
type Row = readonly [stride: number, cells: string];

/** The supernet with several cells a block: 16 cells, about 2·10¹⁷ networks. */
export const MULTI_CELL = table(
  // stride  layers × channels of each cell
  [2, '2×24   3×24   2×32'], //  block 1, behind the stem and the separable layer
  [2, '2×40   3×40   4×40'], //  block 2
  [2, '2×80   3×80   4×80'], //  block 3
  [1, '3×112  4×112  4×96'], //  block 4
  [2, '4×192  5×192  5×160'], // block 5
  [1, '1×320'], //               block 6
);

/** The supernet with one cell a block. */
export const SINGLE_CELL = table(
  // stride  layers × channels
  [2, '2×24'],
  [2, '4×40'],
  [2, '4×80'],
  [1, '4×112'],
  [2, '4×192'],
  [1, '1×320'],
);

function table(...rows: readonly Row[]) {
  return rows.map(([stride, cells]) => ({ stride, cells: cells.split(/ +/).map(cell) }));
}

function cell(text: string): { layers: number; channels: number } {
  const [layers, channels] = text.split('×').map(Number) as [number, number];
  return { layers, channels };
}
