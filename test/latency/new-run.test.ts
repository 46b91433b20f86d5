import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveConfig, run } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { applyPlugins } from 'dna-nas/core/plugin';
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

/** Small layers are slow, so that a limit changes what is found. */
const SMALL_IS_SLOW = (params: number) => 2 - params / 5e3;

/** A table of layers by their parameters, and of whole networks. */
function write(
  time = SMALL_IS_SLOW,
  networks: readonly { architecture: string; samples: number[] }[] = [],
): void {
  const layers = listLayers(space).map(({ create: _, ...row }) => ({
    ...row,
    samples: [row.layer === 'call' ? 0 : time(row.params)],
  }));
  const about = { runtime: 'by hand', machine: 'none', threads: 1, batch: 1, rounds: 1 };
  const table = {
    ...{ format: 'dna-latency/1', space: 'mbconv', image: [16, 16, 1], classes: 4 },
    ...about,
    ...{ layers, networks },
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
    expect(existsSync(join(project, 'runs', 'never'))).toBe(false);
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

describe('a table whose content changes', () => {
  const begin = (name: string, limit: number) =>
    tinyRequest(project, {
      config: RATED,
      set: [
        'search.latency=table.json',
        `search.limits.latency=${limit}`,
        `name=${name}`,
        'retrain.epochs=0.1',
      ],
    });
  const folder = (name: string) => join(project, 'runs', name);
  /** As a run is that was stopped behind its last training. */
  const reopen = (name: string) => {
    for (const file of ['summary.json', 'outcome.json']) rmSync(join(folder(name), file), { force: true });
  };

  it('is not mixed with networks whose training has begun', async () => {
    write();
    const unlimited = ['search', RUN, '--latency', 'table.json', '--no-limits', '--json'];
    const { best: free } = JSON.parse(await output(project, unlimited));
    const start = begin('mixed', free.costs.latency - 1e-6);
    await run(start, { inline: true });
    const trained = JSON.parse(readFileSync(join(folder('mixed'), 'search.json'), 'utf8'));
    reopen('mixed');
    write(() => 0.01);
    await expect(run(start, { inline: true })).rejects.toMatchObject({
      code: 'RUN_DIFFERS',
      message: expect.stringMatching(
        /search\.latency\.fingerprint: "[0-9a-f]{64}" in the run, "[0-9a-f]{64}" now\n.*retrain-found\.architecture: /s,
      ),
      hint: expect.stringContaining('--set search.latency=<that name> --fork'),
    });
    expect(JSON.parse(readFileSync(join(folder('mixed'), 'search.json'), 'utf8'))).toEqual(trained);
    write();
    const summary = await run(start, { inline: true });
    expect(summary!.architecture).toBe(trained.best.text);
  });
});

describe('the report of a search by a table', () => {
  it('shows predicted against measured latency, and what was measured where', async () => {
    const random = randomStream('measured');
    const networks = Array.from({ length: 15 }, (_, at) => ({
      architecture: space.space.formatArchitecture([
        { cell: at % 2, path: at % 2 ? [random.integer(2), random.integer(2)] : [random.integer(2)] },
        { cell: 0, path: [random.integer(2), random.integer(2)] },
      ]),
      samples: [5 + random.uniform()],
    }));
    write(undefined, networks);
    const request = tinyRequest(project, {
      config: RATED,
      set: ['search.latency=table.json', 'name=shown', 'retrain.epochs=0.1', 'reports=[html]'],
    });
    await run(request, { inline: true });
    const folder = join(project, 'runs', 'shown');
    const { latency } = JSON.parse(readFileSync(join(folder, 'search.json'), 'utf8'));
    const shown = JSON.parse(await output(project, ['latency', 'show', 'table.json', RUN, '--json']));
    const { space: _, image: __, classes: ___, ...told } = shown;
    const bytes = readFileSync(join(project, 'table.json'));
    const fingerprint = createHash('sha256').update(bytes).digest('hex');
    expect(latency).toEqual({ file: 'table.json', fingerprint, ...told });
    expect(told.judgement.networks).toHaveLength(5);
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    const section = page.slice(page.indexOf('<section aria-labelledby="latency">')).split('</section>')[0]!;
    const { medianError, rankCorrelation, networks: judged } = told.judgement;
    expect(section).toContain('measured with by hand, 1 thread and batches of 1 on none.');
    expect(section).toContain(
      `fitted on 10 whole networks. On 5 others its median error is ${(100 * medianError).toFixed(1)} %`,
    );
    expect(section).toContain(rankCorrelation.toFixed(3).replace('-', '−'));
    expect(section.match(/<circle /g)).toHaveLength(5);
    for (const { architecture, predicted, measured } of judged) {
      expect(section).toContain(`<td>${predicted.toFixed(3)} ms</td><td>${measured.toFixed(3)} ms</td>`);
      expect(section).toContain(`<td class="text">${architecture}</td>`);
    }
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
