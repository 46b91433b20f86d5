import type { FeatureShape, ForwardContext } from 'dna-nas/core';
import { Module } from '../module.js';
import { type Tensor, tidy } from '../tensor.js';

/** Parts of a network by their names, run in order; each draws from a stream of its own. */
export class LayeredNetwork extends Module {
  readonly #parts: ReadonlyMap<string, Module>;

  constructor(parts: ReadonlyMap<string, Module>) {
    super();
    this.#parts = parts;
    for (const [name, part] of parts) this.child(name, part);
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    return tidy(() => {
      let features = x;
      for (const [name, part] of this.#parts) {
        const random = context.random?.fork(name);
        features = part.forward(features, random ? { ...context, random } : context);
      }
      return features;
    });
  }

  override trace(input: FeatureShape): { output: FeatureShape; macs: number } {
    let output = input;
    let macs = 0;
    for (const part of this.#parts.values()) {
      const traced = part.trace(output);
      output = traced.output;
      macs += traced.macs;
    }
    return { output, macs };
  }
}
