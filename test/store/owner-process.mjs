// A process that contends for a run: told what to do by its parent, it answers what came of it.
import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachRunFolder, openRunFolder } from 'dna-nas/core/store';
import { thisProcess } from 'dna-nas/files';

const folder = process.argv[2];
let run;

/** Opens and releases many times; `witness` exists only while this process holds the run. */
function contend(rounds) {
  const witness = join(folder, 'witness');
  const tokens = [];
  for (let round = 0; round < rounds; round++) {
    const held = tryTo(() => openRunFolder(folder));
    if (held.code) continue;
    writeFileSync(witness, '', { flag: 'wx' });
    held.value.journal({ event: 'held', pid: process.pid });
    unlinkSync(witness);
    held.value.release();
    tokens.push(held.value.token);
  }
  return { tokens };
}

/** Takes the run again and again as a process that is found dead at once, so that everyone takes it from everyone. */
function succeed(rounds) {
  const identity = { ...thisProcess(), started: 'never' };
  const tokens = [];
  for (let round = 0; round < rounds; round++) {
    const held = tryTo(() => openRunFolder(folder, { process: identity }));
    if (!held.code) tokens.push(held.value.token);
  }
  return { tokens };
}

function tryTo(action) {
  try {
    return { value: action() };
  } catch (error) {
    if (error.name !== 'DnaError') throw error;
    return { code: error.code, message: error.message };
  }
}

const ACTIONS = {
  open() {
    const { value, ...refusal } = tryTo(() => openRunFolder(folder));
    run = value;
    return run ? { token: run.token } : refusal;
  },
  release() {
    run.release();
    return {};
  },
  attach(token) {
    const { value: _, ...refusal } = tryTo(() => {
      const state = { json: { by: 'helper' }, tensors: new Map() };
      attachRunFolder(folder, { token }).commitResult('t', state);
    });
    return refusal;
  },
  contend,
  succeed,
};

process.on('message', ([action, ...values]) =>
  process.send({ pid: process.pid, ...ACTIONS[action](...values) }),
);
process.send('ready');
