import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SearchSpace } from 'dna-nas/core/contracts';
import { pathCount, pathOf } from 'dna-nas/core/space';
import type { AttachedRunFolder } from 'dna-nas/core/store';
import { ratingsOfRun } from 'dna-nas/run-tools';

const IMAGES = { image: { height: 16, width: 16, channels: 1 }, classes: 4 };

export interface Network {
  readonly text: string;
  readonly canonical: string;
  readonly rating: number;
  readonly costs: Readonly<Record<string, number>>;
}

/** Every network of a tiny run's space, best first: rated by the sum of its blocks, counted on itself. */
export function everyNetwork(folder: AttachedRunFolder, space: SearchSpace): Network[] {
  const cells = ratingsOfRun(folder)!;
  const block = (number: number) =>
    cells
      .filter((one) => one.block === number)
      .flatMap(({ cell, choices, values }) =>
        Array.from({ length: pathCount(choices) }, (_, i) => ({
          choice: { cell, path: pathOf(i, choices) },
          rating: values[i]!,
        })),
      );
  const all = block(0).flatMap((one) => block(1).map((other) => [one, other] as const));
  return all
    .map(([one, other]) => {
      const architecture = [one.choice, other.choice];
      const { macs, params } = space.createNetwork(architecture, IMAGES).cost(IMAGES.image);
      return {
        text: space.formatArchitecture(architecture),
        canonical: space.formatArchitecture(space.canonical!(architecture)),
        rating: one.rating + other.rating,
        costs: { macs, params },
      };
    })
    .sort((one, other) => one.rating - other.rating);
}

/** Hash of every file below a folder. */
export function hashes(path: string): Record<string, string> {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const entries = files.map((file) => {
    const name = join(file.parentPath, file.name);
    return [name, createHash('sha256').update(readFileSync(name)).digest('hex')] as const;
  });
  return Object.fromEntries(entries.sort());
}
