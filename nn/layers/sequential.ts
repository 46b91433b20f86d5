import { childContext, type FeatureShape, type ForwardContext, Module, type Trace } from '../module.js';
import { type Tensor, tidy } from '../tensor.js';
import { forwardChain, traceChain } from './chain.js';

/** Modules one after another, named "0", "1", …; none at all is the identity. */
export class Sequential<M extends Module = Module> extends Module {
  static override readonly repeatable = true;

  readonly modules: readonly M[];

  constructor(modules: readonly M[]) {
    super();
    this.modules = modules.map((module, index) => this.child(String(index), module));
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    return tidy(() => forwardChain(this.modules, x, (index) => childContext(context, String(index))));
  }

  override trace(input: FeatureShape): Trace {
    return traceChain(this.modules, input);
  }

  override withoutBatchNorm(): Sequential {
    return new Sequential(this.modules.map((module) => module.withoutBatchNorm()));
  }
}
