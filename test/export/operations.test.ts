import { MAPPED_KERNELS } from 'dna-nas/export';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';
import { CASES, weighed } from './cases.js';
import { difference, exported, FunctionNetwork } from './networks.js';

onCpu();

it('has cases of every kernel that has a counterpart', () => {
  expect(Object.keys(CASES).sort()).toEqual([...MAPPED_KERNELS].sort());
});

const rows = Object.entries(CASES).flatMap(([kernel, calls]) =>
  Object.entries(calls).map(([name, call]) => [kernel, name, call] as const),
);

describe.each([17, 18])('in opset %i', (opset) => {
  it.each(rows)('%s: %s', async (_, __, call) => {
    const create = () => new FunctionNetwork((x) => weighed(call(x)));
    const model = await exported(create, { opset });
    for (const count of [1, 2]) expect(difference(model, create, { count })).toBeLessThan(1e-5);
  });
});
