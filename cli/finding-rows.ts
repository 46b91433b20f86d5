import type { Finding } from 'dna-nas/run-tools';

const LABELS = { ok: 'ok', warning: 'WARNING', problem: 'PROBLEM', unknown: '?' } as const;

/** A finding as rows of a table. Further lines of a text, and what to do, stand below the first. */
export function findingRows({ verdict, check, text, fix }: Finding): string[][] {
  const [first = '', ...rest] = text.split('\n');
  const below = [...rest, ...(fix === undefined ? [] : [`→ ${fix}`])];
  return [[LABELS[verdict], check, first], ...below.map((line) => ['', '', line])];
}
