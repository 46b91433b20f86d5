import type { SearchProblem } from 'dna-nas/plugins/search-exact';
import fc from 'fast-check';
import { allNetworks } from './brute-force.js';

export interface Instance {
  readonly problem: SearchProblem;
  readonly limits: readonly number[];
}

interface Shape {
  readonly costCount: number;
  /** Output state of each candidate, one list a block. */
  readonly outputs: readonly (readonly number[])[];
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  costCount: fc.integer({ min: 0, max: 3 }),
  outputs: fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 4,
  }),
});

/** Numbers of one kind an instance: small whole ones (many ties, zeros), fractions of one tenth, any double. */
const kinds: readonly fc.Arbitrary<number>[] = [
  fc.integer({ min: 0, max: 4 }),
  fc.integer({ min: 0, max: 1_000_000 }),
  fc.integer({ min: 0, max: 12 }).map((tenths) => tenths / 10),
  fc.double({ min: 0, max: 2, noNaN: true }),
  fc.double({ min: -1, max: 1, noNaN: true }),
];

function vector(kind: fc.Arbitrary<number>, length: number): fc.Arbitrary<Float64Array> {
  return fc.array(kind, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));
}

function problemOf({ costCount, outputs }: Shape, rating: fc.Arbitrary<number>, cost: fc.Arbitrary<number>) {
  const states = outputs.map((output) => Math.max(...output) + 1);
  const blocks = outputs.map((output, index) =>
    fc.record({
      states: fc.constant(states[index]!),
      output: fc.constant(Uint16Array.from(output)),
      ratings: vector(rating, output.length),
      costs: fc.tuple(
        ...Array.from({ length: index === 0 ? 1 : states[index - 1]! }, () =>
          vector(cost, output.length * costCount),
        ),
      ),
    }),
  );
  return fc.record({
    costNames: fc.constant(['macs', 'params', 'milliseconds'].slice(0, costCount)),
    fixed: vector(cost, costCount),
    blocks: fc.tuple(...blocks),
    final: fc.tuple(...Array.from({ length: states.at(-1)! }, () => vector(cost, costCount))),
  }) as fc.Arbitrary<SearchProblem>;
}

/** A limit as the cost of the network at this place, from cheapest to dearest, less a fraction of it. */
const limitRules = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  {
    weight: 4,
    arbitrary: fc.record({ place: fc.double({ min: 0, max: 0.6, noNaN: true }), less: fc.constant(0) }),
  },
  { weight: 1, arbitrary: fc.record({ place: fc.constant(0), less: fc.constantFrom(1e-9, 0.01, 0.2) }) },
);

/** A small problem and limits: some absent, most exactly at the cost of some network, some impossible. */
export const instances: fc.Arbitrary<Instance> = fc
  .tuple(shapes, fc.constantFrom(...kinds), fc.constantFrom(...kinds))
  .chain(([shape, rating, cost]) =>
    fc.record({
      problem: problemOf(shape, rating, cost),
      rules: fc.array(limitRules, { minLength: shape.costCount, maxLength: shape.costCount }),
    }),
  )
  .map(({ problem, rules }) => {
    const networks = allNetworks(problem);
    const limits = rules.map((rule, cost) => {
      if (!rule) return Number.POSITIVE_INFINITY;
      const values = networks.map(({ costs }) => costs[cost]!).sort((a, b) => a - b);
      const value = values[Math.floor(rule.place ** 2 * (values.length - 1))]!;
      return value - rule.less * (Math.abs(value) || 1);
    });
    return { problem, limits };
  });
