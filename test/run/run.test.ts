import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { resultsOf, TINY, tinyProject, tinyRequest } from './tiny-run.js';

/** Files of a run by name, but those that tell who worked when: locks, claims, journal and its seal, reports. */
function filesOf(project: string): Map<string, Buffer> {
  const folder = join(project, 'runs/tiny');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  const timeless = files.filter((name) => !/^(lock|claims)\/|^(journal|manifest|summary)\./.test(name));
  return new Map(timeless.map((name) => [name, readFileSync(join(folder, name))]));
}

describe('a whole run', () => {
  let project: string;

  beforeAll(async () => {
    project = await tinyProject();
    await run(tinyRequest(project, { set: ['workers=2'] }));
  });

  it('writes a summary of the documented form', () => {
    const summary = JSON.parse(readFileSync(join(project, 'runs/tiny/summary.json'), 'utf8'));
    expect(Object.keys(summary)).toEqual([
      ...[
        'preset',
        'seed',
        'backend',
        'seconds',
        'architecture',
        'rating',
        'networks',
        'comparisons',
        'stages',
      ],
    ]);
    expect(summary).toMatchObject({ preset: null, seed: 3, backend: 'wasm' });
    expect(summary.networks.map((network: { name: string }) => network.name)).toEqual([
      'teacher',
      'found',
      'random',
    ]);
    for (const network of summary.networks) {
      const fields = ['name', 'params', 'macs', 'top1', 'top5', 'images', 'intervals'];
      expect(Object.keys(network).slice(0, fields.length)).toEqual(fields);
      expect(network.top1).toBeGreaterThanOrEqual(0);
      expect(network.top1).toBeLessThanOrEqual(1);
    }
    expect(summary.networks[1].params).toBeLessThanOrEqual(6_000);
    expect(Object.keys(summary.stages)).toEqual([
      ...[
        'backend',
        'data',
        'teacher',
        'space',
        'partition',
        'supernet',
        'distill',
        'rank',
        'search',
        'retrain',
      ],
    ]);
  });

  it('gives the same bits with one worker, and files that are equal: times are in the journal', async () => {
    const alone = await tinyProject();
    await run(tinyRequest(alone, { set: ['workers=1'] }));
    expect(resultsOf(alone)).toEqual(resultsOf(project));
    const [files, others] = [filesOf(project), filesOf(alone)];
    expect([...others.keys()]).toEqual([...files.keys()]);
    for (const [name, bytes] of files) expect(others.get(name)!.equals(bytes), name).toBe(true);
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['outcome.json', 'ratings.json', 'search.json']),
    );
  });

  it('gives the same weights when one block is trained after the other', async () => {
    const other = await tinyProject();
    await run(tinyRequest(other, { set: ['distill.schedule=per-block', 'workers=2'] }));
    expect(resultsOf(other)).toEqual(resultsOf(project));
  });

  it('gives the same ratings when every path is rated alone', async () => {
    const other = await tinyProject();
    await run(tinyRequest(other, { set: ['rank.sharePrefixes=false', 'workers=2'] }), { until: 'search' });
    const ratings = (folder: string) =>
      JSON.parse(readFileSync(join(folder, 'runs/tiny/ratings.json'), 'utf8'));
    expect(ratings(other)).toEqual(ratings(project));
  });

  it('differs with another seed', async () => {
    const other = await tinyProject();
    await run(tinyRequest(other, { set: ['seed=4', 'workers=2'] }), { until: 'rank' });
    const cell = 'runs/tiny/results/train-b1-c1.safetensors';
    expect(readFileSync(join(other, cell)).equals(readFileSync(join(project, cell)))).toBe(false);
  });

  it('is reported again, not run again, by the same command', async () => {
    const before = readFileSync(join(project, 'runs/tiny/summary.json'), 'utf8');
    const summary = await run(tinyRequest(project));
    // The outcome has the epochs beside it.
    expect(summary).toMatchObject(JSON.parse(before));
    expect(readFileSync(join(project, 'runs/tiny/summary.json'), 'utf8')).toBe(before);
  });

  it('refuses another configuration in the same folder and names what differs', async () => {
    await expect(run(tinyRequest(project, { set: ['distill.epochs=4'] }))).rejects.toThrow(
      /The run tiny was started with something else:\n.*distill\.epochs: 3 in the run, 4 now/s,
    );
  });
});

it('takes a corrected configuration as long as no task was laid out', async () => {
  const project = await tinyProject();
  const config = { ...TINY, search: { use: 'exact', limits: { params: 100 } } };
  await expect(run({ project, config })).rejects.toMatchObject({ code: 'LIMITS_IMPOSSIBLE' });
  expect(await run(tinyRequest(project), { until: 'supernet' })).toBeUndefined();
});

describe('stopping', () => {
  it('saves, and goes on to the same bits', async () => {
    const whole = await tinyProject();
    await run(tinyRequest(whole, { set: ['workers=2'] }));
    const project = await tinyProject();
    for (const [milliseconds, workers] of [
      [900, 2],
      [1400, 1],
      [2200, 2],
    ] as const) {
      const signal = AbortSignal.timeout(milliseconds);
      const stopped = run(tinyRequest(project, { set: [`workers=${workers}`] }), { signal });
      await stopped.catch((error: unknown) => expect(error).toMatchObject({ code: 'STOPPED', exitCode: 75 }));
    }
    await run(tinyRequest(project, { set: ['workers=2'] }));
    expect(resultsOf(project)).toEqual(resultsOf(whole));
  });

  it('ends after the stage that is named', async () => {
    const project = await tinyProject();
    expect(await run(tinyRequest(project), { until: 'partition' })).toBeUndefined();
    expect(existsSync(join(project, 'runs/tiny/results/train-b1-c1.safetensors'))).toBe(false);
  });
});

describe('limits', () => {
  it('are found impossible before any training, with the smallest reachable value', async () => {
    const project = await tinyProject();
    const config = { ...TINY, search: { use: 'exact', limits: { params: 100 } } };
    await expect(run({ project, config })).rejects.toMatchObject({
      code: 'LIMITS_IMPOSSIBLE',
      message: expect.stringMatching(/params/),
      hint: expect.stringMatching(/smallest reachable values.* params \d+/),
    });
    expect(existsSync(join(project, 'runs/tiny/results/train-b1-c1.safetensors'))).toBe(false);
  });
});
