import type { FeatureShape, ForwardContext } from 'dna-nas/core';
import { Module } from '../module.js';
import { type Tensor, tidy } from '../tensor.js';

/** Parts of a network by their names, run in order. */
export class LayeredNetwork extends Module {
  readonly #parts: readonly Module[];

  constructor(parts: ReadonlyMap<string, Module>) {
    super();
    this.#parts = [...parts].map(([name, part]) => this.child(name, part));
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    return tidy(() => this.#parts.reduce((features, part) => part.forward(features, context), x));
  }

  override trace(input: FeatureShape): { output: FeatureShape; macs: number } {
    let output = input;
    let macs = 0;
    for (const part of this.#parts) {
      const traced = part.trace(output);
      output = traced.output;
      macs += traced.macs;
    }
    return { output, macs };
  }
}
