import { wrongUsage } from 'dna-nas/errors';

export interface Range {
  readonly least: number;
  readonly most: number;
  /** Shown where another text was given. */
  readonly example: number;
}

/** @throws DnaError `USAGE`, with the option's name, for a text that is no whole number of the range. */
export function readWholeNumber(option: string, text: string, { least, most, example }: Range): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw wrongUsage(
    `${option} is ${JSON.stringify(text)}; a whole number from ${least} to ${most} is expected.`,
    `Say, ${option} ${example}.`,
  );
}
