import type { CellSupernet, NetworkTensor } from 'dna-nas/core/contracts';
import { CALIBRATE, type tf } from 'dna-nas/nn';
import { KeptStatistics } from 'dna-nas/nn/training';

/** Batch-norm statistics of one path of a cell, computed anew: their mean over all batches that are added. */
export class PathCalibration {
  readonly #cell: CellSupernet;
  readonly #path: readonly number[];
  readonly #buffers: readonly NetworkTensor[];
  readonly #statistics = new KeptStatistics();

  constructor(cell: CellSupernet, path: readonly number[]) {
    this.#cell = cell;
    this.#path = path;
    this.#buffers = [...cell.pathTensors(path).values()].filter(({ role }) => role === 'buffer');
  }

  add(input: tf.Tensor4D): void {
    this.#cell.forward(input, this.#path, CALIBRATE).dispose();
    this.#statistics.add(this.#buffers);
  }

  /** Gives the cell the statistics; without a batch those that it has stay. */
  finish(): void {
    this.#statistics.restore(this.#buffers);
    this.dispose();
  }

  dispose(): void {
    this.#statistics.dispose();
  }
}
