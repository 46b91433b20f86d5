// Kills its own process at the n-th event of a run: the harshest stop there is, at a point that is drawn.
import { definePlugin } from 'dna-nas/core';

const EVENTS = [
  'stageStarted',
  'stageFinished',
  'stepFinished',
  'epochFinished',
  'cellTrained',
  'candidateRated',
];

export default definePlugin({
  name: 'kill',
  description: 'Kills the process at the event whose number stands in DNA_TEST_KILL_AT.',
  module: import.meta.url,
  apply(run) {
    let left = Number(process.env.DNA_TEST_KILL_AT ?? Number.POSITIVE_INFINITY);
    for (const name of EVENTS) {
      run.hooks[name].tap('kill', () => {
        left -= 1;
        if (left <= 0) process.kill(process.pid, 'SIGKILL');
      });
    }
  },
});
