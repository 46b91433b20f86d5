import { wrongUsage } from 'dna-nas/errors';
import type { WeightsKind } from 'dna-nas/export';

const KINDS: readonly WeightsKind[] = ['retrained', 'best', 'inherited'];

/** @throws DnaError `USAGE` for a text that is none of them */
export function readWeightsKind(text: string | undefined): WeightsKind | undefined {
  const kind = KINDS.find((one) => one === text);
  if (text === undefined || kind !== undefined) return kind;
  throw wrongUsage(
    `--weights is ${JSON.stringify(text)}; ${KINDS.join(', ')} are known.`,
    'Say --weights inherited, or leave it out.',
  );
}
