import { checkBackend } from 'dna-nas/configuration';
import type { JsonObject } from 'dna-nas/core';

/** A backend that `auto` may take. */
export interface Candidate {
  /** Short name of the plugin. */
  readonly name: string;
  readonly options: JsonObject;
  /** For people. */
  readonly label: string;
}

/** Best first. The last one works wherever Node does. */
export const CANDIDATES: readonly Candidate[] = [
  { name: 'torch', options: { device: 'cuda' }, label: 'torch on a GPU' },
  { name: 'torch', options: { device: 'cpu' }, label: 'torch on the CPU' },
  { name: 'wasm', options: {}, label: 'wasm' },
];

/** What was taken, and why those before it were not: a clause each. */
export interface Choice {
  readonly candidate: Candidate;
  readonly passedOver: readonly string[];
}

/** The first candidate that works on this machine. */
export async function choose(candidates = CANDIDATES): Promise<Choice> {
  const passedOver: string[] = [];
  for (const candidate of candidates) {
    const check = await checkBackend(candidate.name, candidate.options);
    if (check.works) return { candidate, passedOver };
    passedOver.push(`${candidate.name} ${check.reason}`);
  }
  throw new Error(`No backend works here: ${passedOver.join('; ')}.`);
}

/** `wasm: torch is not installed`. */
export function explain({ candidate, passedOver }: Choice): string {
  const reasons = [...new Set(passedOver)];
  return `${candidate.label}: ${reasons.length > 0 ? reasons.join('; ') : 'it is the fastest'}`;
}
