import type { StagedNetwork } from 'dna-nas/core/contracts';
import { forwardChain, layerCosts, mapsBehind, requireStage, traceChain } from '../layers/chain.js';
import {
  childContext,
  type FeatureShape,
  type ForwardContext,
  type LayerCost,
  Module,
  type ModuleTensor,
  type Trace,
} from '../module.js';
import { clone, type Tensor, tidy } from '../tensor.js';

/** `blocks.2.0` is the first part of stage 2. */
const STAGE = /^blocks\.(\d+)\./;

/**
 * Parts of a network by their names, run in order; each draws from a stream of its own. A stage ends behind the last
 * part of `blocks.<stage>.…`; what stands before the first belongs to it.
 */
export class LayeredNetwork extends Module implements StagedNetwork {
  static override readonly repeatable = true;

  readonly #names: readonly string[];
  readonly #parts: readonly Module[];

  constructor(parts: ReadonlyMap<string, Module>) {
    super();
    this.#names = [...parts.keys()];
    this.#parts = [...parts].map(([name, part]) => this.child(name, part));
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    return tidy(() => this.#run(x, context, [0]));
  }

  features(x: Tensor, context: ForwardContext, stages: readonly number[]): Tensor[] {
    const ends = this.#stageEnds();
    return tidy(() =>
      mapsBehind(clone(x), { count: ends.length, stages }, (stage, map) =>
        this.#run(map, context, [ends[stage - 1] ?? 0, ends[stage]]),
      ),
    );
  }

  forwardFrom(map: Tensor, context: ForwardContext, stage: number): Tensor {
    const ends = this.#stageEnds();
    requireStage(stage, ends.length);
    return tidy(() => this.#run(map, context, [ends[stage]!]));
  }

  tensorsBehind(stage: number): Map<string, ModuleTensor> {
    const ends = this.#stageEnds();
    requireStage(stage, ends.length);
    const parts = this.#parts.slice(ends[stage]);
    return new Map(parts.flatMap((part, at) => [...part.tensors(`${this.#names[ends[stage]! + at]}.`)]));
  }

  stageShapes(input: FeatureShape): FeatureShape[] {
    return this.#stageEnds().map((end) => traceChain(this.#parts.slice(0, end), input).output);
  }

  macsBehind(input: FeatureShape): number[] {
    const shapes = this.stageShapes(input);
    return this.#stageEnds().map((end, stage) => traceChain(this.#parts.slice(end), shapes[stage]!).macs);
  }

  #run(x: Tensor, context: ForwardContext, [from, end]: readonly [from: number, end?: number]): Tensor {
    return forwardChain(this.#parts.slice(from, end), x, (index) =>
      childContext(context, this.#names[from + index]!),
    );
  }

  /** Of each stage, the number of the part behind it. */
  #stageEnds(): number[] {
    const stageOf = (index: number) => STAGE.exec(this.#names[index] ?? '')?.[1];
    return this.#names.flatMap((_, index) => {
      const stage = stageOf(index);
      return stage !== undefined && stageOf(index + 1) !== stage ? [index + 1] : [];
    });
  }

  override trace(input: FeatureShape): Trace {
    return traceChain(this.#parts, input);
  }

  override layers(input: FeatureShape): LayerCost[] {
    const parts = this.#parts.map((module, at) => ({
      name: this.#names[at]!,
      text: module.constructor.name,
      module,
    }));
    return layerCosts(parts, input);
  }

  override withoutBatchNorm(): LayeredNetwork {
    return new LayeredNetwork(
      new Map([...this.children()].map(([name, part]) => [name, part.withoutBatchNorm()])),
    );
  }
}
