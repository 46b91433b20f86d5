import type { RandAugmentOptions } from './rand-augment.js';

/** Pattern of the texts that `readRandAugment` reads. */
export const RAND_AUGMENT_TEXT = '^rand(-(m|n|p|mstd|mmax|inc)\\d+(\\.\\d+)?)*$';

/**
 * Reads timm's notation, `rand-m9-mstd0.5-inc1`: m magnitude (10), n operations (2), p probability (0.5), mstd
 * deviation (0), mmax most magnitude (10), inc increasing (0); what is left out has the value in brackets.
 * @throws RangeError for any other text
 */
export function readRandAugment(text: string): RandAugmentOptions {
  if (!new RegExp(RAND_AUGMENT_TEXT).test(text)) {
    throw new RangeError(
      `randAugment: a text such as rand-m9-mstd0.5-inc1 was expected, not ${JSON.stringify(text)}.`,
    );
  }
  const parts = text.split('-').slice(1);
  const found = new Map(
    parts.map((part) => {
      const digits = part.search(/\d/);
      return [part.slice(0, digits), Number(part.slice(digits))];
    }),
  );
  return {
    magnitude: found.get('m') ?? 10,
    operations: found.get('n') ?? 2,
    probability: found.get('p') ?? 0.5,
    deviation: found.get('mstd') ?? 0,
    mostMagnitude: found.get('mmax') ?? 10,
    increasing: (found.get('inc') ?? 0) > 0,
  };
}
