import { createHash } from 'node:crypto';
import type { Json } from 'dna-nas/core';
import type { Axis, Level } from './grid.js';

/** One run of a grid. */
export interface Point {
  /** Folder of its run. */
  readonly name: string;
  /** Level of each axis. */
  readonly levels: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly settings: Readonly<Record<string, Json>>;
}

const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/**
 * Every combination of levels with every seed. All combinations of one seed come before the next seed, so that the
 * table of a grid that is not through compares what there is; the last axis runs fastest.
 */
export function pointsOf(axes: readonly Axis[], seeds: readonly number[]): Point[] {
  const combinations = axes.reduce<Level[][]>(
    (rows, axis) => rows.flatMap((row) => axis.levels.map((level) => [...row, level])),
    [[]],
  );
  return seeds.flatMap((seed) =>
    combinations.map((levels) => ({
      name: [...levels.map(folderName), `seed${seed}`].join('_'),
      levels: Object.fromEntries(axes.map(({ name }, index) => [name, levels[index]!.name])),
      seed,
      settings: Object.assign({}, ...levels.map(({ settings }) => settings)) as Point['settings'],
    })),
  );
}

/** A level's name where it can stand in a folder's; else what is plain of it, and a hash. */
function folderName({ name, settings }: Level): string {
  if (PLAIN.test(name)) return name;
  const hash = createHash('sha256')
    .update(JSON.stringify([name, settings]))
    .digest('hex')
    .slice(0, 8);
  const plain = name
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, 20);
  return `${plain || 'level'}-${hash}`;
}

/** A point for people: `distill=blockwise, seed 1`. */
export function pointText({ levels, seed }: Point): string {
  return [...Object.entries(levels).map(([axis, level]) => `${axis}=${level}`), `seed ${seed}`].join(', ');
}
