import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { coreRefused } from '../errors.js';

/**
 * Keeps this thread, and all that it starts from now on, on one core.
 * @throws DnaError `CORE_REFUSED` where the system has no such thing, or does not let it.
 */
export function stayOnCore(core: number): void {
  let thread: string;
  try {
    thread = readlinkSync('/proc/thread-self').split('/').at(-1)!;
  } catch {
    throw coreRefused(core, 'only Linux keeps a thread on a core');
  }
  const { error, status, stderr } = spawnSync('taskset', ['-cp', String(core), thread], { encoding: 'utf8' });
  if (error) throw coreRefused(core, `taskset (of util-linux) cannot be started: ${error.message}`);
  if (status !== 0) throw coreRefused(core, stderr.trim());
}
