import { forwardChain, layerCosts, traceChain } from '../layers/index.js';
import {
  childContext,
  type FeatureShape,
  type ForwardContext,
  type LayerCost,
  Module,
  type Trace,
} from '../module.js';
import { type Tensor, tidy } from '../tensor.js';

/** Parts of a network by their names, run in order; each draws from a stream of its own. */
export class LayeredNetwork extends Module {
  static override readonly repeatable = true;

  readonly #names: readonly string[];
  readonly #parts: readonly Module[];

  constructor(parts: ReadonlyMap<string, Module>) {
    super();
    this.#names = [...parts.keys()];
    this.#parts = [...parts].map(([name, part]) => this.child(name, part));
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    return tidy(() => forwardChain(this.#parts, x, (index) => childContext(context, this.#names[index]!)));
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
