/** Multipliers of channels and of the layers of each stage, as EfficientNet-B1 to B7 are scaled. */
export interface NetworkScale {
  readonly width: number;
  readonly depth: number;
}

const SCALED = /^(.*\S)\s*@\s*w(\d+(?:\.\d+)?)\s+d(\d+(?:\.\d+)?)\s*$/s;

/** `dna-c` at width 2 and depth 3.1 is `dna-c @ w2 d3.1`. */
export function scaleText(text: string, { width, depth }: NetworkScale): string {
  return `${text} @ w${width} d${depth}`;
}

/** The inverse of `scaleText`; without multipliers, the text alone. */
export function splitScale(text: string): { text: string; scale?: NetworkScale } {
  const [, plain, width, depth] = SCALED.exec(text) ?? [];
  return plain === undefined
    ? { text }
    : { text: plain, scale: { width: Number(width), depth: Number(depth) } };
}
