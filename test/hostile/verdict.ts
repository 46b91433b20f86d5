import { DnaError } from 'dna-nas/errors';
import { expect } from 'vitest';

/** What a reader made of a file: its value, or the message of a refusal that is ours and short enough to be read. */
export type Verdict<Value> = { readonly value: Value } | { readonly refused: string };

/** Any other error than ours, with one of the codes, fails the test. */
export function verdictOf<Value>(codes: readonly string[], read: () => Value): Verdict<Value> {
  try {
    return { value: read() };
  } catch (error) {
    return refusal(codes, error);
  }
}

export async function verdictOfAsync<Value>(
  codes: readonly string[],
  read: () => Promise<Value>,
): Promise<Verdict<Value>> {
  try {
    return { value: await read() };
  } catch (error) {
    return refusal(codes, error);
  }
}

function refusal(codes: readonly string[], error: unknown): { refused: string } {
  if (!(error instanceof DnaError)) throw error;
  expect(codes).toContain(error.code);
  expect(error.message.length).toBeLessThan(600);
  expect(error.hint?.length).toBeGreaterThan(10);
  return { refused: error.message };
}

/** A file with bytes changed, and cut off or lengthened. */
export function edited(
  sound: Uint8Array,
  edits: readonly (readonly [at: number, value: number])[],
  length = sound.length,
): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(sound.subarray(0, length));
  for (const [at, value] of edits) if (at < length) bytes[at] = value;
  return bytes;
}
