import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** What tells a process from every other one, also from a later one with the same pid. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When it started, as its system says it; empty where it does not say. */
  readonly started: string;
  /** Where its pid counts: the boot and the pid namespace (containers have their own). Empty where unknown. */
  readonly boot: string;
  readonly namespace: string;
}

/** `elsewhere`: its pid cannot be judged from here. */
export type ProcessState = 'alive' | 'gone' | 'elsewhere';

/** This process. Where machines share a name (images of containers), `DNA_HOST` tells them apart. */
export function thisProcess(): ProcessIdentity {
  return {
    host: process.env.DNA_HOST || hostname(),
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    boot: optional(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: optional(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** Whether a process lives, as far as `observer` can see. */
export function processState(other: ProcessIdentity, observer: ProcessIdentity): ProcessState {
  if (other.host !== observer.host) return 'elsewhere';
  if (other.boot !== observer.boot) return 'gone';
  if (other.namespace !== observer.namespace) return 'elsewhere';
  const started = startOf(other.pid);
  if (started === undefined) return 'gone';
  return started === other.started ? 'alive' : 'gone';
}

/** Start of a live process; undefined where there is none, empty where the system does not say. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStart(pid);
  if (process.platform === 'win32') return signalReaches(pid) ? '' : undefined;
  const listing = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  if (listing.error) return signalReaches(pid) ? '' : undefined;
  return listing.stdout.trim() || undefined;
}

/** Clock ticks since the boot, from the fields after the command's closing parenthesis. */
function linuxStart(pid: number): string | undefined {
  const line = optional(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  // A zombie has ended and only waits for its parent.
  if (!line || state === 'Z' || state === 'X') return undefined;
  return fields[19];
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function optional(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
