// A process that works on tasks of a run: told what to do by its parent, it answers what came of it. Its second
// argument is the lease in seconds; its host is DNA_HOST.
import { attachRunFolder } from 'dna-nas/core/store';

const [folder, leaseSeconds] = process.argv.slice(2);
const run = attachRunFolder(folder);
const claims = run.openClaims({ leaseSeconds: Number(leaseSeconds) });

const state = (step) => ({ json: { step, by: process.env.DNA_HOST ?? '' }, tensors: new Map() });

function outcome(action) {
  try {
    return action() ?? 'done';
  } catch (error) {
    return error.code ?? String(error);
  }
}

let store;
const ACTIONS = {
  take(task) {
    const { state, number = 0 } = claims.take(task);
    if (state === 'taken') store = run.claimedTasks(claims.numbers([task]));
    return state === 'taken' ? number : state;
  },
  checkpoint: (task, step) => store.saveCheckpoint(task, step, state(step)),
  result: (task) => store.commitResult(task, state(9)),
  journal: (task) => claims.journal(task, { event: 'late' }),
  release: (task) => claims.release(task),
};

process.on('message', ([action, ...values]) => process.send(outcome(() => ACTIONS[action](...values))));
process.send('ready');
