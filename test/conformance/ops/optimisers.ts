import { withoutKernels } from 'dna-nas/nn/kernels';
import { expect, it } from 'vitest';
import { OPTIMISERS, optimised } from '../../nn/optimised.js';
import { withoutLeaks } from './check.js';

/** Steps of the backend's kernels against the compositions, which test/nn holds to float64. */
export function optimiserCases(): void {
  it.each(OPTIMISERS)('%s does what its composition does', (_, create) =>
    withoutLeaks(() => {
      const expected = withoutKernels(() => optimised(create));
      optimised(create).forEach((value, index) => {
        expect(Math.abs(value - expected[index]!)).toBeLessThan(2e-5);
      });
    }),
  );
}
