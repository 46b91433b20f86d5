import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { definePlugin } from 'dna-nas/core';

/** Seconds, and share of the stage's time, within which works are told together. */
const SECONDS = 0.5;
const SHARE = 0.01;

const round = (value, digits) => Number(value.toPrecision(digits));

/** Writes what a run tells of its stages and work, by the clock and by the processor, to the file in RECORD_TO. */
export default definePlugin({
  name: 'record-run',
  description: 'Records the course of a run for the tests of its forecast.',
  module: import.meta.url,
  apply({ main, hooks }) {
    if (!main) return;
    const began = performance.now();
    const stages = [];
    const loads = [];
    /** Seconds of the clock, and of the processor over all threads. */
    const now = () => {
      const { user, system } = process.cpuUsage();
      return [round((performance.now() - began) / 1000, 6), round((user + system) / 1e6, 6)];
    };
    let stage;
    let open;
    const close = () => {
      if (!open) return;
      const works = Object.entries(open.works).map(([task, work]) => [task, round(work, 4)]);
      stage.done.push([...open.at, Object.fromEntries(works)]);
      open = undefined;
    };
    hooks.stageStarted.tap('record-run', ({ stage: name, tasks, work, ahead }) => {
      loads.push(round(loadavg()[0], 3));
      stage = {
        stage: name,
        began: now(),
        tasks,
        work,
        ahead,
        done: [],
      };
      stages.push(stage);
    });
    hooks.workDone.tap('record-run', ({ task, work }) => {
      const at = now();
      open ??= { from: at[0], works: {} };
      open.works[task] = (open.works[task] ?? 0) + work;
      open.at = at;
      if (at[0] - open.from >= Math.max(SECONDS, SHARE * (at[0] - stage.began[0]))) close();
    });
    hooks.stageFinished.tap('record-run', () => {
      close();
      stage.ended = now();
    });
    hooks.runFinished.tap('record-run', () => {
      const machine = { cores: availableParallelism(), loads };
      const lines = stages
        .filter(({ ended }) => ended)
        .map((one) => `  ${JSON.stringify(one)}`)
        .join(',\n');
      writeFileSync(
        process.env.RECORD_TO,
        `{"machine": ${JSON.stringify(machine)}, "stages": [\n${lines}\n]}\n`,
      );
    });
  },
});
