// Sends its own process a signal in a step of the distillation: at the one whose number stands in DNA_TEST_SIGNAL, as
// `SIGSTOP 3`. What is noticed is emitted on the process as dna-test-noticed.
import { definePlugin } from 'dna-nas/core';

const [signal, at] = (process.env.DNA_TEST_SIGNAL ?? '').split(' ');

export default definePlugin({
  name: 'signal',
  description: 'Kills or stops the process in a step of the distillation.',
  module: import.meta.url,
  apply(run) {
    let left = Number(at ?? Number.POSITIVE_INFINITY);
    run.hooks.noticed.tap('signal', (text) => {
      process.emit('dna-test-noticed', text);
    });
    run.hooks.step.tap('signal', (step) =>
      Object.assign(async (...given) => {
        left -= 1;
        if (left === 0) process.kill(process.pid, signal);
        return step(...given);
      }, step),
    );
  },
});
