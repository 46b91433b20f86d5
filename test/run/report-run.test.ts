import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { run } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import type { SearchResult } from 'dna-nas/core/stages';
import { openRunFolder } from 'dna-nas/core/store';
import { BatchOrder } from 'dna-nas/nn/training';
import { reportRun } from 'dna-nas/run-tools';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { beforeAll, describe, expect, it } from 'vitest';
import { JSON_SCHEMAS } from '../../dist/cli/json-schemas.js';
import { listen } from '../backend-install/listen.js';
import { tinyProject, tinyRequest } from './tiny-run.js';

const CHANGES = {
  set: ['distill.epochs=1', 'retrain.epochs=0.1', 'retrain.networks=[found]'],
};

let project: string;
let folder: string;
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const dna = (...words: string[]) => listen(['report', folder, ...words], project, { NO_COLOR: '1' });

/** The mean difference over the teacher's standard deviation. */
function farFrom(...[student, teacher]: readonly (readonly number[])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const centre = mean(teacher!);
  const deviation = Math.sqrt(mean(teacher!.map((value) => (value - centre) ** 2)));
  return mean(teacher!.map((value, at) => Math.abs(value - student![at]!))) / deviation;
}

beforeAll(async () => {
  project = await tinyProject();
  folder = join(project, 'runs/tiny');
  await run(tinyRequest(project, CHANGES), { inline: true, until: 'rank' });
});

/** Test images that the page shows of a run that has trained its network. */
const EXAMPLES = 12;

describe('of a run that is not complete', () => {
  it('says of networks what the run will say of them', async () => {
    const elsewhere = await tinyProject();
    const request = tinyRequest(elsewhere, { set: [...CHANGES.set, 'distill.epochs=0.2'] });
    await run(request, { inline: true, until: 'retrain' });
    const report = await reportRun({ folder: join(elsewhere, 'runs/tiny'), project: elsewhere });
    const { networks } = (await run(request, { inline: true }))!;
    expect(report.complete).toBe(false);
    expect(report.summary.networks).toEqual(networks);
    expect(networks.map(({ name }) => name)).toContain('found');
  });

  it('shows what there is, and leaves the rest out', async () => {
    const report = await reportRun({ folder, project });
    expect(report.complete).toBe(false);
    expect(report.summary).toMatchObject({ backend: 'wasm', seed: 3, networks: [] });
    expect(Object.keys(report.summary.stages)).toEqual([
      ...['backend', 'data', 'teacher', 'space', 'partition', 'supernet', 'distill', 'rank'],
    ]);
    const page = read('report.html');
    expect(page).toContain('This run is not complete. Its last stage so far was rank');
    expect(page).toContain('>Time</h2>');
    // 36 steps of each of two cells.
    expect(page).toContain('>Losses of block 2</title>');
    expect(page.match(/class="curve-other" *>|class="curve-other"/g)).toHaveLength(4);
    expect(page).not.toContain('>The found architecture</h2>');
    expect(verifyRun(folder).problems).toEqual([]);
  });

  it('says that there are no features yet, before it opens anything', async () => {
    await expect(reportRun({ folder, project, features: { images: [] } })).rejects.toMatchObject({
      code: 'ARCHITECTURE_MISSING',
    });
  });

  it('works beside the process that has the run', async () => {
    const owner = openRunFolder(folder);
    try {
      rmSync(join(folder, 'report.html'));
      expect((await dna('--json')).code).toBe(0);
      expect(read('report.html')).toContain('not complete');
    } finally {
      owner.release();
    }
  });
});

describe('of a complete run', () => {
  beforeAll(() => run(tinyRequest(project, CHANGES), { inline: true }));

  it('draws its reports again, and nothing is computed', async () => {
    const [before, summary] = [read('journal.jsonl'), read('summary.json')];
    rmSync(join(folder, 'summary.json'));
    const { complete } = await reportRun({ folder, project });
    expect(complete).toBe(true);
    expect(read('summary.json')).toBe(summary);
    expect(read('report.html')).toContain('>The found architecture</h2>');
    expect(read('report.html').match(/<image /g)).toHaveLength(EXAMPLES);
    expect(read('journal.jsonl')).toBe(before);
  });

  it('finds the error that a candidate was rated with', async () => {
    const { best } = JSON.parse(read('search.json')) as SearchResult;
    const { cells } = JSON.parse(read('ratings.json'));
    const order = new BatchOrder(randomStream(3).fork('rank', 'validation'), 64, 16);
    const errors = best.architecture.map(() => 0);
    for (let batch = 0; batch < 3; batch++) {
      const images = [...order.indices(batch)].map(String);
      const { features } = await reportRun({ folder, project, features: { images } });
      features!.blocks.forEach((block, index) => {
        errors[index]! += block.features.error / 3;
        expect(block.features.errors).toHaveLength(16);
      });
    }
    best.architecture.forEach(({ cell, path }, block) => {
      const { choices, values } = cells.find(
        (one: { block: number; cell: number }) => one.block === block && one.cell === cell,
      );
      const number = path.reduce((sum, operation, layer) => sum * choices[layer] + operation, 0);
      expect(Math.abs(errors[block]! / values[number] - 1)).toBeLessThan(1e-5);
    });
  });

  it('tells how far each image’s maps are from the teacher’s, by the maps themselves', async () => {
    const { features } = await reportRun({ folder, project, features: { images: ['2', '9', '30'] } });
    for (const { features: found } of features!.blocks) {
      const { shape, student, teacher } = found;
      const size = shape.height * shape.width * shape.channels;
      expect([student.length, teacher.length]).toEqual([3 * size, 3 * size]);
      const own = [0, 1, 2].map((image) =>
        farFrom(...[student, teacher].map((maps) => [...maps].slice(image * size, (image + 1) * size))),
      );
      for (const [image, error] of found.errors.entries()) expect(error / own[image]!).toBeCloseTo(1, 6);
      expect(found.error / farFrom([...student], [...teacher])).toBeCloseTo(1, 6);
    }
  });

  it('prints errors as data, and draws the maps', async () => {
    const { code, text } = await dna('--features', '0,5', '--split', 'test', '--json');
    expect(code).toBe(0);
    expect(new Ajv().compile(JSON_SCHEMAS.report!)(JSON.parse(text))).toBe(true);
    const { complete, features } = JSON.parse(text);
    expect(complete).toBe(true);
    expect(features.split).toBe('test');
    expect(features.images).toEqual([
      { index: 0, label: 0, className: '0°' },
      { index: 5, label: 1, className: '45°' },
    ]);
    expect(features.blocks).toHaveLength(2);
    for (const { error, errors } of features.blocks) {
      expect(error).toBeGreaterThan(0);
      expect(errors).toHaveLength(2);
    }
    expect(read('report.html').match(/<image /g)).toHaveLength(EXAMPLES + 2 + 2 * (1 + 2 * 9));
    expect(verifyRun(folder).problems).toEqual([]);
  });

  it('tells people which block is how far off', async () => {
    const { code, text } = await dna('--features');
    expect(code).toBe(0);
    expect(text).toMatch(/^The report is runs\/tiny\/report\.html\.\n/);
    expect(`${text}\n`).toMatch(/ {2}block 1 +cell \d +\d\.\d+ +[\d.]+ [\d.]+ [\d.]+ [\d.]+\n/);
  });

  it('says what it cannot do', async () => {
    expect((await dna('--features', '64')).text).toContain(
      'has no image "64"; an index from 0 to 63 was expected',
    );
    expect((await dna('--split', 'test')).text).toContain('--split chooses images for --features');
    expect((await dna('--features', '1', '--split', 'tset')).text).toContain('the splits are');
    rmSync(join(folder, 'results'), { recursive: true });
    expect((await dna('--features', '1')).text).toContain('CELL_WEIGHTS_MISSING');
  });
});
