// An owner that falls asleep: at once after it was told to, or, as `asleepBefore`, when it is about to create a
// result or to put a checkpoint in place: it has made sure by then that the run is its own.
import { attachRunFolder, openRunFolder } from 'dna-nas/core/store';
import { nodeFiles } from 'dna-nas/files';

const [folder, asleepBefore] = process.argv.slice(2);

const sleep = () => process.kill(process.pid, 'SIGSTOP');
const sleepy = (name, part) => (from, to) => {
  if (to.includes(part)) sleep();
  nodeFiles[name](from, to);
};
const files = {
  ...nodeFiles,
  ...(asleepBefore === 'link' && { link: sleepy('link', 'results') }),
  ...(asleepBefore === 'rename' && { rename: sleepy('rename', 'manifest') }),
};

const state = (step) => ({ json: { step, by: 'frozen' }, tensors: new Map() });

function outcome(action) {
  try {
    action();
    return 'done';
  } catch (error) {
    return error.code;
  }
}

const owner = openRunFolder(folder);
owner.writeJson('config', {});
owner.saveCheckpoint('t', 1, state(1));
const store = attachRunFolder(folder, { token: owner.token, files });
process.send('ready');
process.on('message', (what) => {
  if (what === 'checkpoint') process.send(outcome(() => store.saveCheckpoint('t', 2, state(2))));
  else if (what === 'journal') process.send(outcome(() => owner.journal({ event: 'late' })));
  else process.send(outcome(() => store.commitResult('t', state(9))));
});
