import {
  type FeatureShape,
  type ForwardContext,
  featureSize,
  type LayerCost,
  type Module,
  type Trace,
} from '../module.js';
import { clone, type Tensor } from '../tensor.js';

/**
 * Runs modules one after another, each map freed once the next is there, so that two are alive where no gradient
 * needs more. The input stays; the result is never the input itself.
 */
export function forwardChain(
  modules: readonly Module[],
  x: Tensor,
  contextOf: (index: number) => ForwardContext,
): Tensor {
  let y = x;
  modules.forEach((module, index) => {
    const next = module.forward(y, contextOf(index));
    if (y !== x && y !== next) y.dispose();
    y = next;
  });
  return y === x ? clone(x) : y;
}

/** Shape behind a chain of modules, and their multiply-adds and kept maps together. */
export function traceChain(modules: readonly Module[], input: FeatureShape): Required<Trace> {
  let output = input;
  let macs = 0;
  let activations = 0;
  for (const module of modules) {
    const traced = module.trace(output);
    output = traced.output;
    macs += traced.macs;
    activations += traced.activations ?? featureSize(output);
  }
  return { output, macs, activations };
}

/** The cost of each part of a chain, with the name and the text that it is shown by. */
export function layerCosts(
  parts: readonly { readonly name: string; readonly text: string; readonly module: Module }[],
  input: FeatureShape,
): LayerCost[] {
  let shape = input;
  return parts.map(({ name, text, module }) => {
    const cost = module.cost(shape);
    shape = cost.output;
    return { name, text, ...cost };
  });
}
