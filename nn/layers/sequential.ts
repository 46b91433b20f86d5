import { childContext, type FeatureShape, type ForwardContext, Module } from '../module.js';
import { clone, type Tensor, tidy } from '../tensor.js';

/** Modules one after another, named "0", "1", …; none at all is the identity. */
export class Sequential<M extends Module = Module> extends Module {
  readonly modules: readonly M[];

  constructor(modules: readonly M[]) {
    super();
    this.modules = modules.map((module, index) => this.child(String(index), module));
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    return tidy(() => {
      let y = x;
      this.modules.forEach((module, index) => {
        const next = module.forward(y, childContext(context, String(index)));
        if (y !== x && y !== next) y.dispose();
        y = next;
      });
      return y === x ? clone(x) : y;
    });
  }

  override trace(input: FeatureShape): { output: FeatureShape; macs: number } {
    return traceChain(this.modules, input);
  }

  override withoutBatchNorm(): Sequential {
    return new Sequential(this.modules.map((module) => module.withoutBatchNorm()));
  }
}

/** Shape behind a chain of modules, and their multiply-adds together. */
export function traceChain(
  modules: readonly Module[],
  input: FeatureShape,
): { output: FeatureShape; macs: number } {
  let output = input;
  let macs = 0;
  for (const module of modules) {
    const traced = module.trace(output);
    output = traced.output;
    macs += traced.macs;
  }
  return { output, macs };
}
