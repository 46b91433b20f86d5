import { statfsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import { counted } from 'dna-nas/errors';
import { type Finding, failed, gigabytes, note, ok } from './finding.js';

/** The quickstart takes 0.6 GB; below that even one thread is refused memory. */
const LEAST_MEMORY = 1e9;
const LEAST_DISK = 1e9;
/** The first versions of Node with all that the package calls, as its `engines` says. */
const LEAST_NODE = [20, 15] as const;
const LEAST_NODE_22 = [22, 2] as const;

/** Node, by its version. */
export function checkNode(version = process.versions.node): Finding {
  const name = 'Node';
  const newer = `Install Node ${LEAST_NODE.join('.')} or newer, of Node 22 ${LEAST_NODE_22.join('.')} or newer, say from nodejs.org.`;
  if (!isNewEnough(version)) return failed(name, `version ${version}`, newer);
  return ok(name, `version ${version}, ${process.platform} ${process.arch}`);
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [least, leastMinor] = major <= LEAST_NODE[0] ? LEAST_NODE : LEAST_NODE_22;
  return major > least || (major === least && minor >= leastMinor);
}

/** Cores, and whether a worker thread starts. */
export async function checkThreads(): Promise<Finding> {
  const name = 'threads';
  const count = availableParallelism();
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  try {
    await startWorker();
  } catch (error) {
    const found = `a worker thread does not start: ${(error as Error).message}`;
    return failed(
      name,
      found,
      'Allow the process more threads (`ulimit -u`), or give the container more memory.',
    );
  }
  return ok(name, `${counted(count, 'core')} to use (${model})`);
}

function startWorker(): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker('', { eval: true });
    worker.once('error', reject).once('exit', () => resolve());
  });
}

/** Memory that this process may take: a container's limit counts. */
export function checkMemory(free = freeMemory()): Finding {
  const found = `${gigabytes(free)} free of ${gigabytes(totalmem())}`;
  if (free >= LEAST_MEMORY) return ok('memory', found);
  return note('memory', found, 'Close other programs, or run with one thread: --set workers=1.');
}

function freeMemory(): number {
  const limit = process.constrainedMemory() ?? 0;
  const left = limit > 0 && limit < totalmem() ? limit - process.memoryUsage.rss() : Number.POSITIVE_INFINITY;
  return Math.min(freemem(), left);
}

/** Room where run folders go. */
export function checkDisk(folder: string): Finding {
  const name = 'disk';
  try {
    const { bavail, bsize } = statfsSync(folder);
    const found = `${gigabytes(bavail * bsize)} free in this folder`;
    if (bavail * bsize >= LEAST_DISK) return ok(name, found);
    return note(name, found, 'Make room, or put runs elsewhere: --set runs=<folder>.');
  } catch (error) {
    return note(name, `unknown (${(error as NodeJS.ErrnoException).code})`, 'Look with `df -h .`.');
  }
}
