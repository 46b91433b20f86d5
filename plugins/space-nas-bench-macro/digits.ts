import type { Architecture } from 'dna-nas/core/contracts';
import { DnaError, either } from 'dna-nas/errors';
import { BLOCKS, OPERATIONS } from './table.js';

const LAYERS = BLOCKS.map(({ cells }) => cells[0]!.layers);
const LENGTH = LAYERS.reduce((sum, layers) => sum + layers, 0);

/** A digit a layer, `22212220`. */
export function formatDigits(architecture: Architecture): string {
  return architecture.flatMap(({ path }) => path).join('');
}

/** The inverse of `formatDigits`; space around the digits does not count. @throws DnaError `ARCHITECTURE_TEXT` */
export function parseDigits(text: string): Architecture {
  const digits = [...text.trim()];
  if (digits.length !== LENGTH) {
    throw outside(text, `it has ${digits.length} characters, the space has ${LENGTH} layers`);
  }
  const operations = digits.map((digit, layer) => readDigit(text, digit, layer));
  let from = 0;
  return LAYERS.map((layers) => {
    from += layers;
    return { cell: 0, path: operations.slice(from - layers, from) };
  });
}

function readDigit(text: string, digit: string, layer: number): number {
  const known = [...OPERATIONS.keys()].map(String);
  if (known.includes(digit)) return Number(digit);
  throw outside(text, `layer ${layer + 1} is ${JSON.stringify(digit)}, known are ${either(known)}`);
}

function outside(text: string, what: string): DnaError {
  const meanings = OPERATIONS.map(({ name }, digit) => `${digit} is ${name}`).join(', ');
  return new DnaError(
    'ARCHITECTURE_TEXT',
    `${JSON.stringify(text)} is no architecture of the space "nas-bench-macro": ${what}.`,
    `Write ${LENGTH} digits, one a layer, as 22212220: ${meanings}.`,
  );
}
