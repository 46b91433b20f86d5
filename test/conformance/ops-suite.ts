import { tf } from 'dna-nas/nn';
import { beforeAll, describe, expect, it } from 'vitest';
import { convolutionCases } from './ops/convolutions.js';
import { elementwiseCases } from './ops/elementwise.js';
import { lossCases } from './ops/losses.js';
import { mbConvCases } from './ops/mb-conv.js';
import { mbConvFoldedCases } from './ops/mb-conv-folded.js';
import { normalisationCases } from './ops/normalisation.js';
import { recordedPassCases } from './recorded-passes.js';

/**
 * Registers the conformance suite of `nn/ops` for one backend: every op's value against a float64 implementation, its
 * gradients against central differences, and no tensor left behind. `setUp` makes the backend the current one.
 */
export function opsSuite(backendName: string, setUp: () => Promise<void>): void {
  describe(`nn/ops on ${backendName}`, () => {
    beforeAll(setUp);
    it('runs on this backend', () => {
      expect(tf.getBackend()).toBe(backendName);
    });
    convolutionCases();
    normalisationCases();
    elementwiseCases();
    lossCases();
    mbConvCases();
    mbConvFoldedCases();
    recordedPassCases();
  });
}
