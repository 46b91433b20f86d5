import type { MBConvOptions } from 'dna-nas/nn/layers';
import type { LayeredBlock } from 'dna-nas/nn/space';

/** One operation; its place in the list is its digit. */
export interface MacroOperation {
  readonly name: string;
  /** Absent: the identity. */
  readonly mbConv?: Pick<MBConvOptions, 'kernel' | 'expansion'>;
}

/** What each layer chooses from, by digit. */
export const OPERATIONS: readonly MacroOperation[] = [
  { name: 'identity' },
  { name: 'k3e3', mbConv: { kernel: 3, expansion: 3 } },
  { name: 'k5e6', mbConv: { kernel: 5, expansion: 6 } },
];

/** The three stages, each with one cell; the first layer of each halves the resolution. */
export const BLOCKS: readonly LayeredBlock[] = [
  { stride: 2, cells: [{ layers: 2, channels: 64 }] },
  { stride: 2, cells: [{ layers: 3, channels: 128 }] },
  { stride: 2, cells: [{ layers: 3, channels: 256 }] },
];
