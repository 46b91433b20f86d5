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

/**
 * The maps behind some stages of a network (numbers from 0, rising), from one pass that ends at the last of them. What
 * nobody asked for is freed on the way; `x`, the first stage's input, is.
 * @throws Error unless the numbers rise and are below `count`.
 */
export function mapsBehind(
  x: Tensor,
  { count, stages }: { readonly count: number; readonly stages: readonly number[] },
  run: (stage: number, map: Tensor) => Tensor,
): Tensor[] {
  requireRising(stages, count);
  const found: Tensor[] = [];
  let map = x;
  for (let stage = 0; found.length < stages.length; stage++) {
    const next = run(stage, map);
    if (found.at(-1) !== map) map.dispose();
    map = next;
    if (stage === stages[found.length]) found.push(map);
  }
  return found;
}

function requireRising(stages: readonly number[], count: number): void {
  const rising = stages.every((stage, index) => Number.isInteger(stage) && stage > (stages[index - 1] ?? -1));
  if (rising && (stages.at(-1) ?? 0) < count) return;
  throw new RangeError(
    `features wants rising stage numbers from 0 to ${count - 1} and got [${stages.join(', ')}].`,
  );
}

/** @throws Error unless `stage` is a number from 0 to below `count`. */
export function requireStage(stage: number, count: number): void {
  if (Number.isInteger(stage) && stage >= 0 && stage < count) return;
  throw new RangeError(`forwardFrom wants a stage number from 0 to ${count - 1} and got ${stage}.`);
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
