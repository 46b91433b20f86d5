import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import type { StepFinished } from 'dna-nas/core/stages';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  CONFIGURATION,
  configOf,
  expectedTensors,
  readJson,
  resultTensors,
  wholeRunProject,
} from './project.js';

/** How far float32 may be from the reference, which is computed in float64. */
const MOST = 1e-4;

type Numbers = readonly number[];

interface Expected {
  readonly steps: Readonly<Record<string, readonly (readonly [loss: number, rate: number])[]>>;
  readonly ratings: readonly { readonly block: number; readonly cell: number; readonly values: Numbers }[];
  readonly search: Readonly<Record<'best' | 'top' | 'front' | 'random', unknown>>;
  readonly networks: readonly unknown[];
}

/** What the plugin `rates` tells. */
const told = globalThis as { dnaTestRates?: number[]; dnaTestSteps?: StepFinished[] };

const expected = readJson('expected.json') as Readonly<Record<string, Expected>>;
const tensors = expectedTensors();

/** Numbers as they are, but those of `expected` where they are near enough. */
function settle(found: unknown, wanted: unknown): unknown {
  if (typeof found === 'number' && typeof wanted === 'number') {
    return Math.abs(found - wanted) <= MOST * Math.abs(wanted) ? wanted : found;
  }
  if (Array.isArray(found)) return found.map((one, at) => settle(one, (wanted as unknown[])?.[at]));
  if (typeof found !== 'object' || found === null) return found;
  const known = (wanted ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(found).map(([key, one]) => [key, settle(one, known[key])]));
}

function expectNear(found: unknown, wanted: unknown): void {
  expect(settle(found, wanted)).toEqual(wanted);
}

/** The greatest distance of each tensor that is too far. */
function distances(name: string, found: ReadonlyMap<string, Float32Array>): string[] {
  return [...tensors].flatMap(([path, wanted]) => {
    if (!path.startsWith(`${name}/`)) return [];
    const values = found.get(path.slice(name.length + 1));
    if (values?.length !== wanted.length) return [`${path}: ${values?.length} values of ${wanted.length}`];
    const most = wanted.reduce((greatest, value, at) => Math.max(greatest, Math.abs(value - values[at]!)), 0);
    return most <= MOST ? [] : [`${path}: ${most}`];
  });
}

/** Whole runs on a backend, number by number, beside `test/golden/whole-run/whole-run.py`. */
export function wholeRunSuite(backend: string): void {
  describe.each(Object.keys(CONFIGURATION.runs))(`the run %s on ${backend}`, (name) => {
    const wanted = expected[name]!;
    let project: string;
    const json = (file: string) => JSON.parse(readFileSync(join(project, 'runs', name, file), 'utf8'));

    beforeAll(async () => {
      project = await wholeRunProject();
      Object.assign(told, { dnaTestRates: [], dnaTestSteps: [] });
      const config = { ...configOf(name), backend };
      await run({ project, config, plugins: ['./rates.mjs'] }, { inline: true });
    });

    it('has the losses and rates of every step', () => {
      const steps: Record<string, number[][]> = {};
      for (const [at, { task, loss }] of told.dnaTestSteps!.entries()) {
        steps[task] = [...(steps[task] ?? []), [loss, told.dnaTestRates![at]!]];
      }
      expectNear(steps, wanted.steps);
    });

    it('trains the same weights', () => {
      const found = resultTensors(project, name);
      expect(distances(name, found)).toEqual([]);
      const own = [...found.keys()].filter((path) => /^(train|retrain)-/.test(path));
      const known = [...tensors.keys()].filter((path) => path.startsWith(`${name}/`));
      expect(own.map((path) => `${name}/${path}`).sort()).toEqual(known.sort());
    });

    it('rates every candidate the same', () => {
      const cells = json('ratings.json').cells.map(
        ({ choices: _, ...cell }: Record<string, unknown>) => cell,
      );
      expectNear(cells, wanted.ratings);
    });

    it('finds the same networks at the same costs', () => {
      expectNear(withoutTexts(json('search.json')), wanted.search);
    });

    it('trains them to the same accuracies', () => {
      const { networks } = json('summary.json');
      expectNear(json('outcome.json').networks.map(overall), wanted.networks);
      expect(networks).toHaveLength(wanted.networks.length);
    });

    it('counts the test images of each class', () => {
      for (const { perClass, balanced, top1 } of json('outcome.json').networks as Counted[]) {
        expect(perClass.map(({ images }) => images)).toEqual(CONFIGURATION.files.val);
        const right = perClass.reduce((sum, one) => sum + one.right, 0);
        expect(top1).toBeCloseTo(right / CONFIGURATION.files.val.reduce((sum, count) => sum + count), 12);
        const shares = perClass.map((one) => one.right / one.images);
        expect(balanced).toBeCloseTo(shares.reduce((sum, share) => sum + share) / shares.length, 12);
      }
    });
  });
}

/** Networks by cells and paths alone. */
function withoutTexts(found: unknown): unknown {
  if (Array.isArray(found)) return found.map(withoutTexts);
  if (typeof found !== 'object' || found === null) return found;
  const entries = Object.entries(found).filter(([key]) => key !== 'text');
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutTexts(one)]));
}

interface Counted {
  readonly top1: number;
  readonly balanced: number;
  readonly perClass: readonly { readonly images: number; readonly right: number }[];
}

/** What of a network's measurements is of all images, and no interval. */
function overall(network: Record<string, unknown>): unknown {
  const { intervals: _, images: __, balanced: ___, perClass: ____, ...rest } = network;
  return rest;
}
