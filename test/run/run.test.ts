import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { beforeAll, describe, expect, it } from 'vitest';
import { resultsOf, TINY, tinyProject, tinyRequest } from './tiny-run.js';

const STEPS = join(import.meta.dirname, 'step-plugin.mjs');
/** Tasks in this thread: starting another one, with its backend, takes longer than a tiny run does. */
const INLINE = { inline: true };
let project: string;

beforeAll(async () => {
  project = await tinyProject();
  await run(tinyRequest(project), INLINE);
});

/** Files of a run by name, but those that tell who worked when: locks, claims, metrics, journal and its seal, reports. */
function filesOf(project: string): Map<string, Buffer> {
  const folder = join(project, 'runs/tiny');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  const timeless = files.filter(
    (name) => !/^(lock|claims|metrics)\/|^(journal|manifest|summary)\./.test(name),
  );
  return new Map(timeless.map((name) => [name, readFileSync(join(folder, name))]));
}

describe('a whole run', () => {
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
        'ledger',
        'warnings',
      ],
    ]);
    // Nobody has trained this teacher.
    expect(summary.warnings).toEqual([
      expect.stringMatching(
        /^The teacher tiny teacher: top-1 .* of 64 validation images: it does not classify/,
      ),
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

  it('gives the same bits with two workers, and files that are equal: times are in the journal', async () => {
    const shared = await tinyProject();
    await run(tinyRequest(shared, { set: ['workers=2'] }));
    expect(resultsOf(shared)).toEqual(resultsOf(project));
    const [files, others] = [filesOf(project), filesOf(shared)];
    expect([...others.keys()]).toEqual([...files.keys()]);
    for (const [name, bytes] of files) expect(others.get(name)!.equals(bytes), name).toBe(true);
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['outcome.json', 'ratings.json', 'search.json']),
    );
  });

  it('gives the same weights when one block is trained after the other', async () => {
    const other = await tinyProject();
    await run(tinyRequest(other, { set: ['distill.schedule=per-block'] }), INLINE);
    expect(resultsOf(other)).toEqual(resultsOf(project));
  });

  it('differs with another seed', async () => {
    const other = await tinyProject();
    await run(tinyRequest(other, { set: ['seed=4'] }), { ...INLINE, until: 'distill' });
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
  const other = await tinyProject();
  const config = { ...TINY, search: { use: 'exact', limits: { params: 100 } } };
  await expect(run({ project: other, config }, INLINE)).rejects.toMatchObject({ code: 'LIMITS_IMPOSSIBLE' });
  expect(await run(tinyRequest(other), { ...INLINE, until: 'supernet' })).toBeUndefined();
});

describe('stopping', () => {
  it('saves, and goes on to the same bits', async () => {
    const other = await tinyProject();
    copyFileSync(STEPS, join(other, 'step-plugin.mjs'));
    const plugins = ['./step-plugin.mjs'];
    for (const [step, workers] of [
      [40, 2],
      [60, 1],
    ] as const) {
      const controller = new AbortController();
      let steps = 0;
      const onStep = () => ++steps === step && controller.abort();
      process.on('dna-test-step' as never, onStep as never);
      const request = tinyRequest(other, { plugins, set: [`workers=${workers}`] });
      const stopped = run(request, { signal: controller.signal });
      await expect(stopped).rejects.toMatchObject({ code: 'STOPPED', exitCode: 75 });
      process.off('dna-test-step' as never, onStep as never);
    }
    await run(tinyRequest(other, { plugins }), INLINE);
    expect(resultsOf(other)).toEqual(resultsOf(project));
  });

  it('ends after the stage that is named', async () => {
    const other = await tinyProject();
    expect(await run(tinyRequest(other), { ...INLINE, until: 'partition' })).toBeUndefined();
    expect(existsSync(join(other, 'runs/tiny/results/train-b1-c1.safetensors'))).toBe(false);
  });
});

describe('limits', () => {
  it('are found impossible before any training, with the smallest reachable value', async () => {
    const other = await tinyProject();
    const config = { ...TINY, search: { use: 'exact', limits: { params: 100 } } };
    await expect(run({ project: other, config }, INLINE)).rejects.toMatchObject({
      code: 'LIMITS_IMPOSSIBLE',
      message: expect.stringMatching(/params/),
      hint: expect.stringMatching(/smallest reachable values.* params \d+/),
    });
    expect(existsSync(join(other, 'runs/tiny/results/train-b1-c1.safetensors'))).toBe(false);
  });
});
