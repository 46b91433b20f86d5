import type { FeatureShape, ForwardContext, Module } from '../module.js';
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
