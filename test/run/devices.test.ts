import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { attachRunFolder, Neighbours } from 'dna-nas/core/store';
import { runTask } from 'dna-nas/core/work';
import { planRun } from 'dna-nas/run-tools';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { resultsOf, tinyProject, tinyRequest } from './tiny-run.js';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const PLUGIN = join(import.meta.dirname, 'devices-plugin.mjs');
const CORES = [...Array(2).keys()];
let whole: Record<string, unknown>;
const neighbours: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const project = await tinyProject();
  await run(tinyRequest(project), { inline: true });
  whole = resultsOf(project);
});

afterAll(async () => {
  for (const end of neighbours) await end();
});

/** A project with the backend of devices, which the environment tells it. */
async function deviceProject(devices: string, otherBits = ''): Promise<string> {
  const project = await tinyProject();
  copyFileSync(PLUGIN, join(project, 'devices-plugin.mjs'));
  vi.stubEnv('DNA_TEST_DEVICES', devices);
  vi.stubEnv('DNA_TEST_OTHER_BITS', otherBits);
  vi.stubEnv('DNA_TEST_PLACES', join(project, 'places'));
  return project;
}

const request = (project: string, ...set: string[]) =>
  tinyRequest(project, { set: ['backend=./devices-plugin.mjs', ...set] });

/** Where the backend was started, in no order. */
function placesOf(project: string): string[] {
  const places = join(project, 'places');
  return existsSync(places) ? readFileSync(places, 'utf8').trim().split('\n').sort() : [];
}

const devicesOf = (project: string) => placesOf(project).map((place) => place.split(',')[0]);

/** Another process of the run, which uses a device, until the end of the test. */
async function neighbour(folder: string, use: object): Promise<() => Promise<void>> {
  const program = `
    const { Neighbours } = await import('dna-nas/core/store');
    new Neighbours(${JSON.stringify(folder)}).join(${JSON.stringify(use)});
    process.stdout.write('joined');
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  neighbours.push(end);
  return end;
}

describe('workers of a run', () => {
  it('are placed on all devices of the backend, to the bits of one', async () => {
    const project = await deviceProject('0,3');
    const stages: string[] = [];
    await run(request(project), {
      onEvent: (told) => void (told.event === 'stageStarted' && stages.push(told.data.description)),
    });
    expect(devicesOf(project)).toEqual(['device 0', 'device 3']);
    expect(stages[0]).toBe('start the tensor backend on 2 worker threads on devices 0 and 3');
    expect(resultsOf(project)).toEqual(whole);
    const [started] = attachRunFolder(join(project, 'runs/tiny')).readJournal();
    expect(started).toMatchObject({ event: 'started', workers: 2, devices: [0, 3] });
  });

  it('are placed on those that are named, in turn where there are more workers', async () => {
    const project = await deviceProject('0,1,2');
    await run(request(project, 'devices=[1,2]', 'workers=3'), { until: 'backend' });
    expect(devicesOf(project)).toEqual(['device 1', 'device 1', 'device 2']);
  });

  it('stay on the cores that are named, where the backend has no devices', async () => {
    const project = await deviceProject('');
    const { findings } = await planRun(request(project, `devices=${JSON.stringify(CORES)}`), { seconds: 0 });
    expect(findings.find(({ check }) => check === 'backend')?.text).toMatch(
      /; 2 worker threads on cores 0 and 1$/,
    );
    await run(request(project, `devices=${JSON.stringify(CORES)}`));
    expect(placesOf(project).filter((place) => !place.includes('-'))).toEqual(
      CORES.map((core) => `device none, cores ${core}`),
    );
    expect(resultsOf(project)).toEqual(whole);
  });

  it('are refused on devices that are not there, and on those of other bits', async () => {
    const project = await deviceProject('0,1', '1');
    await expect(run(request(project, 'devices=[1,7]'))).rejects.toMatchObject({
      code: 'DEVICES_MISSING',
      message: 'The devices 7 were asked for, and wasm has the devices 0, 1.',
    });
    await expect(run(request(project))).rejects.toMatchObject({ code: 'DEVICES_DIFFER' });
    await run(request(project, 'devices=[0]'), { until: 'backend' });
    vi.stubEnv('DNA_TEST_DEVICES', '');
    await expect(run(request(project, 'devices=[4000]'))).rejects.toMatchObject({
      code: 'DEVICES_MISSING',
      message: expect.stringContaining('this process has the cores 0'),
    });
  });
});

describe('processes of a run on one machine', () => {
  it('take the device that the fewest others use', async () => {
    const project = await deviceProject('0,1');
    await run(request(project), { layOut: true, inline: true });
    const folder = join(project, 'runs/tiny');
    const before = devicesOf(project).length;
    const end = await neighbour(folder, { devices: [0] });
    await runTask({ folder, task: 'train-b1-c1', project, inline: true });
    await end();
    await runTask({ folder, task: 'train-b1-c2', project, inline: true });
    expect(
      readFileSync(join(project, 'places'), 'utf8')
        .trim()
        .split('\n')
        .slice(before)
        .map((place) => place.split(',')[0]),
    ).toEqual(['device 1', 'device 0']);
  });

  it('share their cores, those alone that both may use', async () => {
    const folder = join(await tinyProject(), 'runs/tiny');
    const alone = new Neighbours(folder).cores();
    let now = 0;
    const watching = new Neighbours(folder, () => now);
    expect(watching.cores()).toBe(alone);
    const end = await neighbour(folder, {});
    await neighbour(folder, { cores: [4000] });
    expect(new Neighbours(folder).cores()).toBe(alone / 2);
    // A look every few seconds is enough.
    expect(watching.cores()).toBe(alone);
    now += 60_000;
    expect(watching.cores()).toBe(alone / 2);
    await end();
    expect(new Neighbours(folder).cores()).toBe(alone);
    // Who leaves last leaves nothing behind.
    const runs = join(await tinyProject(), 'runs');
    const own = new Neighbours(join(runs, 'tiny'));
    own.join();
    expect(existsSync(join(runs, '.machine'))).toBe(true);
    own.leave();
    expect(existsSync(join(runs, '.machine'))).toBe(false);
  });
});
