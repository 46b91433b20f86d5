import type { RandomStream } from 'dna-nas/core';
import type { CellChoice, CellSupernet, ForwardContext, NetworkTensor } from 'dna-nas/core/contracts';
import type { EarlierBlock, TaskState, World } from 'dna-nas/core/stages';
import { CALIBRATE, childContext, tf } from 'dna-nas/nn';
import { withoutGradient } from 'dna-nas/nn/ops';
import { loadRawState } from 'dna-nas/nn/weights';
import type { CellTask } from '../strategy.js';

type Tensors = Map<string, NetworkTensor>;
type ChainWorld = Pick<World, 'blocks' | 'space' | 'supernet'>;

/** What the names of an earlier block's cell begin with, in the state of the cell that is trained behind it. */
export function earlierName(block: number, cell: number): string {
  return `earlier.b${block + 1}.c${cell + 1}`;
}

/** A block before the cell: its paths, and the cells that they run through. */
class ChainBlock {
  readonly block: number;
  readonly candidates: readonly CellChoice[];
  readonly #cells: ReadonlyMap<number, CellSupernet>;

  constructor({ blocks, space, supernet }: ChainWorld, { block, candidates }: EarlierBlock) {
    this.block = block;
    this.candidates = candidates;
    const cells = [...new Set(candidates.map(({ cell }) => cell))].sort((a, b) => a - b);
    this.#cells = new Map(
      cells.map((cell) => [cell, supernet.createCell({ space, block: blocks[block]!, cell })]),
    );
  }

  get cells(): readonly CellSupernet[] {
    return [...this.#cells.values()];
  }

  cellOf(candidate: number): CellSupernet {
    return this.#cells.get(this.candidates[candidate]!.cell)!;
  }

  forward(candidate: number, x: tf.Tensor, context: ForwardContext): tf.Tensor {
    const { cell, path } = this.candidates[candidate]!;
    return this.cellOf(candidate).forward(x, path, childContext(context, earlierName(this.block, cell)));
  }

  /** Tensors of one path, by their names in the chain. */
  pathTensors(candidate: number): Tensors {
    const { cell, path } = this.candidates[candidate]!;
    const prefix = `${earlierName(this.block, cell)}.`;
    return new Map(
      [...this.cellOf(candidate).pathTensors(path)].map(([name, tensor]) => [prefix + name, tensor]),
    );
  }

  meanMacs(): number {
    const macs = this.candidates.map((_, index) => this.cellOf(index).meanMacs());
    return macs.reduce((sum, value) => sum + value, 0) / macs.length;
  }

  /** Of the widest cell. */
  activations(): number {
    return Math.max(...this.cells.map((cell) => cell.activations?.() ?? 0));
  }
}

/**
 * A cell behind the student's own earlier blocks, seen as one cell that works on the image: each earlier block is a
 * layer whose operations are the few paths that run there. So whatever draws, trains and averages paths of a cell
 * does the same with these. Either the whole chain is trained, or (`frozen`) the earlier blocks only make the input,
 * by the statistics of the batch, and have no part in tensors and gradients.
 */
export class CellChain implements CellSupernet {
  readonly block: number;
  readonly cell: number;
  readonly choices: readonly number[];
  readonly #blocks: readonly ChainBlock[];
  readonly #own: CellSupernet;
  readonly #frozen: boolean;

  constructor(world: ChainWorld, task: CellTask, { frozen }: { readonly frozen: boolean }) {
    const { blocks, space, supernet } = world;
    this.block = task.block;
    this.cell = task.cell;
    this.#blocks = (task.earlier ?? []).map((earlier) => new ChainBlock(world, earlier));
    this.#own = supernet.createCell({ space, block: blocks[task.block]!, cell: task.cell });
    this.#frozen = frozen;
    this.choices = [...this.#blocks.map(({ candidates }) => candidates.length), ...this.#own.choices];
  }

  get repeatable(): boolean {
    const earlier = this.#blocks.flatMap(({ cells }) => cells);
    return [...earlier, this.#own].every(({ repeatable }) => repeatable);
  }

  entrance(x: tf.Tensor): tf.Tensor {
    return tf.clone(x);
  }

  layer(index: number, operation: number, x: tf.Tensor, context: ForwardContext): tf.Tensor {
    const block = this.#blocks[index];
    if (block && this.#frozen)
      return withoutGradient(x, (input) => block.forward(operation, input, CALIBRATE));
    if (block) return block.forward(operation, x, context);
    const own = index - this.#blocks.length;
    if (own > 0) return this.#own.layer(own, operation, x, context);
    return tf.tidy(() => this.#own.layer(0, operation, this.#own.entrance(x, context), context));
  }

  forward(x: tf.Tensor, path: readonly number[], context: ForwardContext): tf.Tensor {
    return tf.tidy(() => {
      const first = this.#blocks.length;
      let input = x;
      for (let index = 0; index < first; index++) input = this.layer(index, path[index]!, input, context);
      return this.#own.forward(input, path.slice(first), context);
    });
  }

  pathTensors(path: readonly number[]): Tensors {
    const earlier = this.#frozen ? [] : this.#blocks.map((block, index) => block.pathTensors(path[index]!));
    return merge([...earlier, this.#own.pathTensors(path.slice(this.#blocks.length))]);
  }

  buffers(layer: number, operation: number): Tensors {
    const block = this.#blocks[layer];
    const own = layer - this.#blocks.length;
    if (layer < 0) return new Map();
    if (block) return new Map([...block.pathTensors(operation)].filter(([, { role }]) => role === 'buffer'));
    const entrance = own === 0 ? this.#own.buffers(-1, 0) : new Map();
    return merge([entrance, this.#own.buffers(own, operation)]);
  }

  /** Of the earlier blocks, what their paths use. */
  tensors(): Tensors {
    const earlier = this.#frozen ? [] : this.#earlierTensors();
    return merge([...earlier, this.#own.tensors()]);
  }

  meanMacs(): number {
    return this.#blocks.reduce((sum, block) => sum + block.meanMacs(), this.#own.meanMacs());
  }

  /** Frozen blocks keep nothing for a backward pass. */
  activations(): number {
    const earlier = this.#frozen ? [] : this.#blocks.map((block) => block.activations());
    return earlier.reduce((sum, kept) => sum + kept, this.#own.activations?.() ?? 0);
  }

  /** The own cell draws as it would alone. */
  initialise(random: RandomStream): this {
    for (const { block, cells } of this.#blocks) {
      for (const cell of cells) cell.initialise(random.fork(earlierName(block, cell.cell)));
    }
    this.#own.initialise(random);
    return this;
  }

  /** Gives the paths of an earlier block the values of a cell that was trained there. */
  loadEarlier(index: number, candidate: number, state: TaskState['tensors']): void {
    const block = this.#blocks[index]!;
    const { path } = block.candidates[candidate]!;
    loadRawState(block.cellOf(candidate).pathTensors(path), state);
  }

  dispose(): void {
    for (const { cells } of this.#blocks) for (const cell of cells) cell.dispose();
    this.#own.dispose();
  }

  #earlierTensors(): Tensors[] {
    return this.#blocks.flatMap((block) => block.candidates.map((_, index) => block.pathTensors(index)));
  }
}

function merge(parts: readonly Tensors[]): Tensors {
  return new Map(parts.flatMap((part) => [...part]));
}
