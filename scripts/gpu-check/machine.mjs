// Where the check ran.
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { describeMachine, ROOT } from '../../bench/measure.mjs';
import { readGpus } from './nvidia.mjs';

/** Processor, memory, system, Node, commit, version of the package, GPUs with their driver. */
export function describeWhere() {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  return { ...describeMachine(), memory, version, gpus: readGpus() };
}

/** What must be the same for results of parts to stand beside each other. */
export function identityOf({ commit, version, gpus }, { device, fake, batch }) {
  const cards = gpus.map(({ name, driver }) => ({ name, driver }));
  return JSON.stringify({ commit, version, cards, device, fake, batch });
}
