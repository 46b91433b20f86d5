import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from 'dna-nas/core';
import type { CellChoice, SpaceBlock } from 'dna-nas/core/contracts';
import type { FoundArchitecture } from 'dna-nas/core/stages';
import { SUMMARY } from './fake-run.js';

const OPERATIONS = ['k3e3', 'k3e6', 'k5e3', 'k5e6', 'k7e3', 'k7e6'];
const random = randomStream('sample run');

/** Six blocks of two cells, with two to four layers of six operations. */
const BLOCKS: SpaceBlock[] = [24, 40, 80, 112, 192, 320].map((channels, block) => ({
  stride: block === 0 || block === 3 ? 1 : 2,
  cells: [0, 1].map((cell) => ({
    channels: channels - 8 * cell,
    layers: Array.from({ length: block === 5 ? 1 : 2 + ((block + cell) % 3) }, () => OPERATIONS),
  })),
}));

const RATINGS = BLOCKS.flatMap(({ cells }, block) =>
  cells.map(({ layers }, cell) => ({
    block,
    cell,
    choices: layers.map((layer) => layer.length),
    values: Array.from({ length: 6 ** layers.length }, (_, path) =>
      rate(block, cell, digits(path, layers.length)),
    ),
  })),
);

function digits(path: number, layers: number): number[] {
  return Array.from({ length: layers }, (_, layer) => Math.floor(path / 6 ** (layers - 1 - layer)) % 6);
}

function rate(block: number, cell: number, path: readonly number[]): number {
  const help = path.reduce((sum, operation) => sum + [0, 0.3, 0.15, 0.45, 0.2, 0.55][operation]!, 0);
  return (0.02 + 0.01 * block) * Math.exp(-0.5 * help - 0.1 * cell + 0.12 * random.normal()) + 0.004;
}

function architectureOf(choose: (block: number) => CellChoice): FoundArchitecture {
  const architecture = BLOCKS.map((_, block) => choose(block));
  let [rating, macs] = [0, 30_000];
  architecture.forEach(({ cell, path }, block) => {
    const number = path.reduce((sum, operation) => sum * 6 + operation, 0);
    rating += RATINGS.find((record) => record.block === block && record.cell === cell)!.values[number]!;
    for (const operation of path) macs += [30, 60, 42, 78, 55, 96][operation]! * (900 + 250 * block);
  });
  const text = architecture
    .map(({ cell, path }, block) => `b${block + 1}c${cell}[${path.map((o) => OPERATIONS[o]).join(',')}]`)
    .join(' ');
  return { architecture, text, rating, costs: { macs, params: Math.round(macs / 16) } };
}

function drawn(): FoundArchitecture {
  return architectureOf((block) => {
    const cell = random.integer(2);
    return { cell, path: BLOCKS[block]!.cells[cell]!.layers.map((layer) => random.integer(layer.length)) };
  });
}

/** The front of some networks. */
function frontOf(networks: readonly FoundArchitecture[]): FoundArchitecture[] {
  let best = Number.POSITIVE_INFINITY;
  return [...networks]
    .sort((a, b) => a.costs.macs! - b.costs.macs!)
    .filter(({ rating }) => {
      const better = rating < best;
      if (better) best = rating;
      return better;
    });
}

const LIMIT = 1_700_000;

/** A run folder's files, as a run of a middling size leaves them. */
export function sampleRun() {
  const networks = Array.from({ length: 4000 }, drawn);
  const front = frontOf(networks).filter(({ costs }) => costs.macs! <= LIMIT);
  const best = front.at(-1)!;
  const near = networks.filter(({ costs }) => costs.macs! <= best.costs.macs!);
  const other = near.reduce((a, b) => (a.costs.macs! > b.costs.macs! && a !== best ? a : b));
  const top = [...near].sort((a, b) => a.rating - b.rating).slice(0, 10);
  const boundaries = BLOCKS.map((_, index) => {
    const side = [14, 14, 7, 7, 4, 4][index]!;
    return { output: { height: side, width: side, channels: BLOCKS[index]!.cells[0]!.channels } };
  });
  return {
    summary: { ...SUMMARY, architecture: best.text, rating: best.rating },
    search: { best, top, front, random: other },
    ratings: { cells: RATINGS },
    space: { blocks: BLOCKS, boundaries },
    config: { values: { search: { use: 'exact', limits: { macs: LIMIT } } } },
  };
}

/** Writes them into a folder; returns the summary. */
export function writeSampleRun(folder: string) {
  const { summary, ...files } = sampleRun();
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(content));
  }
  return summary;
}
