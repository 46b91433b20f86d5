import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveConfig, run } from 'dna-nas/configuration';
import { applyPlugins } from 'dna-nas/core/plugin';
import { attachRunFolder } from 'dna-nas/core/store';
import { listLayers, type OpenedSpace } from 'dna-nas/latency';
import { forkRun } from 'dna-nas/run-tools';
import { beforeAll, describe, expect, it } from 'vitest';
import { output } from '../cli/output.js';
import { tell } from '../mistakes/command-line.js';
import { tinyRequest } from '../run/tiny-run.js';
import { RATED, RUN, ratedRun } from './rated-run.js';

let project: string;
let space: OpenedSpace;

beforeAll(async () => {
  ({ project, space } = await ratedRun());
});

const FIRST = [
  { cell: 0, path: [0] },
  { cell: 0, path: [0, 0] },
];

/** A table in which small layers are slow, so that a limit changes what is found. */
function write(): void {
  const layers = listLayers(space).map(({ create: _, ...row }) => ({
    ...row,
    samples: [row.layer === 'call' ? 0 : 2 - row.params / 5e3],
  }));
  const about = { runtime: 'by hand', machine: 'none', threads: 1, batch: 1, rounds: 1 };
  const table = {
    ...{ format: 'dna-latency/1', space: 'mbconv', image: [16, 16, 1], classes: 4 },
    ...about,
    ...{ layers, networks: [] },
  };
  writeFileSync(join(project, 'table.json'), JSON.stringify(table));
}

describe('search.latency', () => {
  const request = (...set: string[]) => tinyRequest(project, { config: RATED, set });
  const TABLE = 'search.latency=table.json';

  it('limits a run from its start, and leaves what was trained and rated as it is', async () => {
    write();
    const unlimited = ['search', RUN, '--latency', 'table.json', '--no-limits', '--json'];
    const { best: free } = JSON.parse(await output(project, unlimited));
    const limit = free.costs.latency - 1e-6;
    const fork = await forkRun(request(TABLE, `search.limits.latency=${limit}`));
    expect(fork!.taken).toHaveLength(8);
    await run(fork!.request, { until: 'search', inline: true });
    const folder = join(project, 'runs', fork!.name);
    const { best } = JSON.parse(readFileSync(join(folder, 'search.json'), 'utf8'));
    const words = ['search', RUN, '--latency', 'table.json', '--max', `latency=${limit}`, '--json'];
    const asked = JSON.parse(await output(project, words));
    expect({ text: best.text, costs: best.costs }).toEqual({
      text: asked.best.text,
      costs: asked.best.costs,
    });
    expect(best.costs.latency).toBeLessThanOrEqual(limit);
    expect(best.text).not.toBe(free.text);
    const again = JSON.parse(await output(project, ['search', `runs/${fork!.name}`, '--json']));
    expect(again.limits).toEqual({ latency: limit });
    expect(again.best.costs).toEqual(best.costs);
  });

  it('is refused before anything is trained where no network meets it, with the smallest that can be', async () => {
    write();
    const started = run(request(TABLE, 'search.limits.latency=0.001', 'name=never'), { inline: true });
    await expect(started).rejects.toMatchObject({
      code: 'LIMITS_IMPOSSIBLE',
      hint: expect.stringMatching(/macs \d+, params \d+, latency \d+\.\d+/),
    });
    expect(attachRunFolder(join(project, 'runs', 'never')).resultIds()).toEqual([]);
  });

  it('is needed for prices alone, and is no absolute path', async () => {
    const config = await resolveConfig(request('search.latency=gone.json'));
    const priced = await (await applyPlugins(config, { project, main: false })).resolve(
      'resolveSpace',
      'space',
    );
    const text = priced.formatArchitecture(FIRST);
    expect(priced.parseArchitecture(text)).toEqual(FIRST);
    expect(() => priced.priceHead({ height: 4, width: 4, channels: 16 }, 4)).toThrow(
      'gone.json is no table of latencies: it cannot be read',
    );
    const absolute = await resolveConfig(request('search.latency=/tables/server.json'));
    await expect(applyPlugins(absolute, { project, main: false })).rejects.toMatchObject({
      code: 'LATENCY_TABLE',
      message: expect.stringContaining('an absolute path'),
    });
  });
});

describe('dna search --retrain', () => {
  const search = ['search', RUN, '--max', 'params=5k', '--no-limits', '--set', 'workers=1'];

  it('trains what it has found as the run would, in a run of that name', async () => {
    const { best } = JSON.parse(await output(project, [...search, '--json']));
    const { code, text } = await tell(project, [...search, '--retrain', 'smaller']);
    expect([code, text]).toEqual([0, expect.anything()]);
    const read = (run: string, file: string) =>
      JSON.parse(readFileSync(join(project, 'runs', run, file), 'utf8'));
    expect(read('smaller', 'outcome.json')).toMatchObject({
      architecture: best.text,
      networks: [{ name: 'given', macs: best.costs.macs }],
    });
    expect(read('smaller', 'config.json').values.retrain).toEqual(read('tiny', 'config.json').values.retrain);
  });

  it('prints no data beside', async () => {
    const { code, text } = await tell(project, [...search, '--json', '--retrain', 'smaller']);
    expect(code).toBe(2);
    expect(text).toContain('--json was given, which prints data alone');
  });
});
