/** How n-grams are made of tokens. */
export interface NGramRules {
  readonly widths: readonly number[];
  readonly separator: string;
  readonly leftPad: string;
  readonly rightPad: string;
  /** Pads on either side, though never as many as a width; negative for as many as there can be. */
  readonly padWidth: number;
  /** Whether tokens too few for any width are one n-gram all the same. */
  readonly preserveShortSequences: boolean;
}

/** The n-grams of a row of tokens, by width and then from left to right. */
export function joinNGrams(tokens: readonly string[], rules: NGramRules): string[] {
  const joined = rules.widths.flatMap((width) => joinWindows(tokens, width, rules));
  const isShort = joined.length === 0 && tokens.length > 0;
  if (!isShort || !rules.preserveShortSequences) return joined;
  return joinWindows(tokens, tokens.length + 2 * rules.padWidth, rules);
}

/** Throws unless these are the places at which rows of `size` tokens begin, and the last one's end. */
export function requireSplits(splits: readonly number[], size: number): void {
  if (splits.length === 0) return;
  if (splits[0] !== 0) throw new Error(`First split value must be 0, got ${splits[0]}`);
  for (const [place, split] of splits.entries()) {
    const before = splits[Math.max(place - 1, 0)]!;
    if (split < before || split > size) {
      throw new Error(`Invalid split value ${split}, must be in [${before}, ${size}]`);
    }
  }
  if (splits.at(-1) !== size) {
    throw new Error(`Last split value must be data size. Expected ${size}, got ${splits.at(-1)}`);
  }
}

function joinWindows(tokens: readonly string[], width: number, rules: NGramRules): string[] {
  const { leftPad, rightPad, padWidth, separator } = rules;
  const pads = Math.min(padWidth < 0 ? width - 1 : padWidth, width - 1);
  const row = [...Array(pads).fill(leftPad), ...tokens, ...Array(pads).fill(rightPad)];
  const count = Math.max(0, row.length - width + 1);
  return Array.from({ length: count }, (_, start) => row.slice(start, start + width).join(separator));
}
