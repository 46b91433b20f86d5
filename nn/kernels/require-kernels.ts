import { withoutKernels } from '../ops/kernel.js';
import { dispose, type Tensor, tidy } from '../tensor.js';
import type { KernelName } from './table.js';
import { type KernelCase, kernelCases } from './trial-cases.js';

/**
 * A kernel and a composition add up a few hundred float32 in another order: some ten steps of 2⁻²⁴ of the largest
 * value. A kernel that reads the wrong place is wrong in the first digit.
 */
const TOLERANCE = 1e-4;

/**
 * Runs every kernel that the current backend has of ours on small inputs, in float32, and compares it with the op's
 * composition of plain tfjs ops.
 * @returns the kernels that the cases are for.
 * @throws Error that names the kernels of a case that is wrong, or that does not run.
 */
export async function requireKernels(): Promise<readonly KernelName[]> {
  const cases = kernelCases();
  for (const each of cases) await requireCase(each);
  return [...new Set(cases.flatMap(({ kernels }) => kernels))];
}

async function requireCase(each: KernelCase): Promise<void> {
  const [found, wanted] = [
    await valuesOf(each, each.run),
    await valuesOf(each, () => withoutKernels(each.run)),
  ];
  for (const [index, expected] of wanted.entries()) {
    const distance = distanceBetween(found[index]!, expected);
    if (distance <= TOLERANCE) continue;
    throw new Error(
      `${each.kernels.join(', ')}: result ${index} is ${distance.toExponential(1)} of its largest value away from the ` +
        'composition of plain ops',
    );
  }
}

async function valuesOf({ kernels }: KernelCase, run: () => Tensor[]): Promise<Float32Array[]> {
  let results: Tensor[] = [];
  try {
    results = tidy(run);
    return (await Promise.all(results.map((result) => result.data()))) as Float32Array[];
  } catch (cause) {
    throw new Error(`${kernels.join(', ')}: ${(cause as Error).message}`, { cause });
  } finally {
    dispose(results);
  }
}

/** NaN where either has one. */
function distanceBetween(found: Float32Array, expected: Float32Array): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  return found.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0) / largest;
}
