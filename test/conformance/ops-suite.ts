import { tf } from 'dna-nas/nn';
import { KERNEL_NAMES, type KernelName } from 'dna-nas/nn/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roundingOf } from './ops/check.js';
import { recordedPassCases } from './recorded-passes.js';
import { OPS, ROWS } from './table.js';
import { type KernelWatch, watchKernels } from './watch-kernels.js';

interface SuiteOptions {
  /** The backend's name, where the title is another. */
  readonly backend?: string;
  /** @default 'float32' */
  readonly precision?: 'float32' | 'bf16';
}

/**
 * Where three norms stand one behind another, the rounding of bf16 is as large as the gradients. No backend has a
 * kernel for it in bf16, so that it is made of ops that are checked.
 */
const ONLY_FLOAT32: readonly (keyof typeof OPS)[] = ['mbConvTraining'];

/**
 * Registers the conformance suite of `nn/ops` for one backend: every op's value against a float64 implementation, its
 * gradients against central differences, no tensor left behind, and every kernel of the backend run by the op that the
 * table says. `setUp` makes the backend the current one.
 */
export function opsSuite(title: string, setUp: () => Promise<void>, options: SuiteOptions = {}): void {
  const { backend = title, precision = 'float32' } = options;
  describe(`nn/ops on ${title}`, () => {
    let watch: KernelWatch | undefined;
    beforeAll(async () => {
      await setUp();
      roundingOf(precision);
      watch = watchKernels();
    });
    afterAll(() => {
      watch?.end();
      roundingOf('float32');
    });
    it('runs on this backend, and every kernel has a row', () => {
      expect(tf.getBackend()).toBe(backend);
      expect(Object.keys(ROWS).sort()).toEqual([...KERNEL_NAMES].sort());
    });
    for (const op of Object.keys(OPS) as (keyof typeof OPS)[]) {
      if (precision === 'bf16' && ONLY_FLOAT32.includes(op)) describe(op, () => absent(op, () => watch!));
      else describe(op, () => checked(op, () => watch!));
    }
    if (precision === 'float32') recordedPassCases();
  });
}

function kernelsOf(op: string, { present }: KernelWatch): KernelName[] {
  return present.filter((name) => ROWS[name] === op);
}

function absent(op: string, watch: () => KernelWatch): void {
  it('has no kernel here', () => {
    expect(kernelsOf(op, watch())).toEqual([]);
  });
}

function checked(op: keyof typeof OPS, watch: () => KernelWatch): void {
  beforeAll(() => watch().ran.clear());
  OPS[op]();
  it('has run the backend’s kernels', () => {
    expect(kernelsOf(op, watch()).filter((name) => !watch().ran.has(name))).toEqual([]);
  });
}
