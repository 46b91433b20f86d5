// What trackers cost a run: the processor time of the run, and of telling its events, as they came, to a tracker:
// `node bench/trackers.mjs [--json]`
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import { createHooks } from 'dna-nas/core';
import { attachRunFolder } from 'dna-nas/core/store';
import { reportMlflow } from 'dna-nas/plugins/report-mlflow';
import { reportTensorboard } from 'dna-nas/plugins/report-tensorboard';
import { ratingsOfRun } from 'dna-nas/run-tools';
import { runAlone, tell } from './measure.mjs';
import { QuickstartProject } from './quickstart-project.mjs';

const SET = ['distill.epochs=0.05', 'rank.batches=1', 'retrain.epochs=0.1'];
const SERVER = fileURLToPath(new URL('tracking-server.mjs', import.meta.url));
const MOST = 0.01;
const [REPLAY, RECORDED] = ['--replay', 'recorded'];

/** Each tracker with the server's mood, which changes after a share of the run. */
const SIDES = {
  tensorboard: {},
  'mlflow, a server that answers': { moods: ['answers'] },
  'mlflow, a server that hangs': { moods: ['hangs'] },
  'mlflow, a server that answers 500': { moods: ['fails'] },
  'mlflow, a server that hangs from the middle on': { moods: ['answers', 'hangs'] },
};

/** Runs the quickstart, cut short, then tells its events anew at their times, to no tracker and to each. */
export async function benchTrackers() {
  const project = await QuickstartProject.open();
  const runs = mkdtempSync(join(tmpdir(), 'dna-trackers-'));
  try {
    const recorded = await record(project);
    tell(`the run: ${recorded.seconds.toFixed(1)} s, ${recorded.events.length} events; they are told anew`);
    writeFileSync(join(runs, RECORDED), serialize(recorded));
    const idle = replayApart(runs, 'none');
    // Side by side, each in a process of its own: they do little, and what counts is their processor time.
    const told = await Promise.all(Object.keys(SIDES).map((what) => replayApart(runs, what)));
    const none = await idle;
    const figures = Object.keys(SIDES).flatMap((what, at) =>
      figuresOf(what, { recorded, told: told[at], idle: none }),
    );
    const { seconds, processor, events } = recorded;
    return { bench: 'trackers', seconds, processor, idle: none, events: events.length, figures };
  } finally {
    project.close();
    rmSync(runs, { recursive: true, force: true });
  }
}

/** One side, in a process of its own; answers its processor time and how long the end took, in milliseconds. */
async function replayApart(runs, what) {
  const child = fork(fileURLToPath(import.meta.url), [REPLAY, runs, what]);
  const [told] = await once(child, 'message');
  child.disconnect();
  tell(`${what}: ${told.processor.toFixed(0)} ms, the end ${told.end.toFixed(0)} ms`);
  return told;
}

/** What the process of a side does. */
async function replaySide(runs, what) {
  const recorded = deserialize(readFileSync(join(runs, RECORDED)));
  const moods = SIDES[what]?.moods;
  const told = await withServer(moods, (server) => {
    const mlflow = server && reportMlflow({ server: server.address, experiment: 'bench' });
    const plugin = mlflow ?? (what === 'none' ? undefined : reportTensorboard());
    return replay(recorded, { runs, plugin, server, moods });
  });
  process.send(told);
}

function figuresOf(what, { recorded, told, idle }) {
  const own = Math.max(0, told.processor - idle.processor);
  return [
    {
      what: `${what}: processor time of the run's`,
      value: own / recorded.processor,
      unit: '%',
      target: { most: MOST },
      detail: `${own.toFixed(0)} ms of ${(recorded.processor / 1000).toFixed(1)} s`,
    },
    {
      what: `${what}: what the end waits`,
      value: told.end / 1000,
      unit: 's',
    },
  ];
}

/** The run's events with their milliseconds, its ratings, and the processor time of all its threads. */
async function record(project) {
  const events = [];
  const began = performance.now();
  const used = process.cpuUsage();
  const { folder } = await project.run({
    until: 'retrain',
    set: SET,
    onEvent: ({ event, data }) => {
      if (event === 'stepFinished' || event === 'epochFinished')
        events.push({ event, data, at: performance.now() - began });
    },
  });
  const { user, system } = process.cpuUsage(used);
  const seconds = (performance.now() - began) / 1000;
  const summary = { seconds, rating: 0.1, networks: [{ name: 'found', params: 1, macs: 1, top1: 0.5 }] };
  const ratings = ratingsOfRun(attachRunFolder(folder));
  const last = events.findLastIndex(({ data }) => String(data.task).startsWith('train-'));
  events.splice(last + 1, 0, { event: 'ratings', data: ratings, at: events[last].at });
  return { events, seconds, summary, processor: (user + system) / 1000 };
}

/** Tells the events at the times at which they came; the processor time of it, and how long the end took. */
async function replay({ events, seconds, summary }, { runs, plugin, server, moods }) {
  const folder = mkdtempSync(join(runs, 'run-'));
  const hooks = createHooks();
  const config = {
    ...{ version: '0', preset: 'quickstart', name: 'bench', seed: 1, plugins: [], sources: {} },
    ...{ values: {}, machine: { runs: folder } },
  };
  mkdirSync(join(folder, 'bench'));
  plugin?.apply({ hooks, seed: 1, project: runs, main: true, config, resolve: () => Promise.reject() });
  const used = process.cpuUsage();
  const began = performance.now();
  let isTurned = false;
  for (const { event, data, at } of events) {
    const early = at - (performance.now() - began);
    if (early > 1) await pause(early);
    if (moods?.[1] && !isTurned && at > 500 * seconds) {
      isTurned = true;
      server.turn(moods[1]);
    }
    await hooks[event].promise(data);
  }
  const ended = performance.now();
  await hooks.runFinished.promise({ folder: join(folder, 'bench'), summary });
  const { user, system } = process.cpuUsage(used);
  return { processor: (user + system) / 1000, end: performance.now() - ended };
}

/** The server is a process of its own, whose time is not the run's. */
async function withServer(moods, use) {
  if (!moods) return use();
  const child = fork(SERVER, [moods[0]]);
  try {
    const [address] = await once(child, 'message');
    return await use({ address, turn: (mood) => child.send(mood) });
  } finally {
    child.kill();
  }
}

if (process.argv[2] === REPLAY) await replaySide(...process.argv.slice(3));
else await runAlone(import.meta.url, benchTrackers);
