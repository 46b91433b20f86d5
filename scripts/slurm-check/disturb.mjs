// Does to the jobs of a run what a cluster does to them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** What is done to a job that runs, by what it stands for. */
const KINDS = {
  requeue: (cluster, id) => cluster.run('scontrol', 'requeue', id),
  kill: (_, __, pids) => killOne(pids),
  'time limit': (cluster, id) => cluster.run('scancel', '--signal=USR2', id),
  preemption: (cluster) =>
    cluster.run('sbatch', '--partition=high', '--exclusive', '--output=/dev/null', '--wrap=sleep 1'),
};

/**
 * Disturbs jobs of some runs at drawn moments, `count` times, or until the time is over or all runs are complete.
 * @param goOn Is called again and again; has a run go on of which no job is left.
 */
export async function disturb({ cluster, project, runs, count, until, goOn }) {
  const done = {};
  const random = randomNumbers(1);
  for (let disturbances = 0; disturbances < count && Date.now() < until; ) {
    await pause(800 + 1200 * random());
    if (runs.every((run) => existsSync(join(project, 'runs', run, 'outcome.json')))) break;
    // A job that was disturbed too often is given up, and its run's last job with it: nothing would be left to disturb.
    for (const run of runs) goOn(run);
    const running = runningJobs(cluster, runs);
    if (running.length === 0) continue;
    const id = running[Math.floor(random() * running.length)];
    const kinds = Object.keys(KINDS);
    const kind = kinds[Math.floor(random() * kinds.length)];
    const { status } = KINDS[kind](cluster, id, claimants(project, runs));
    if (status !== 0) continue;
    done[kind] = (done[kind] ?? 0) + 1;
    console.log(`${kind}: ${id}`);
    disturbances++;
  }
  console.log(`disturbed: ${JSON.stringify(done)}`);
  return Object.values(done).reduce((sum, times) => sum + times, 0);
}

/** Processes that hold tasks of the runs, as they say it themselves. */
function claimants(project, runs) {
  const files = runs.flatMap((run) => {
    const claims = join(project, 'runs', run, 'claims');
    if (!existsSync(claims)) return [];
    const names = readdirSync(claims, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => name.endsWith('.json')).map((name) => join(claims, name));
  });
  return files.flatMap((file) => {
    try {
      const { pid } = JSON.parse(readFileSync(file, 'utf8'));
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(project) ? [pid] : [];
    } catch {
      // Its process has ended meanwhile, or a later claim has swept it.
      return [];
    }
  });
}

/** As the kernel does where memory is short. */
function killOne([pid]) {
  if (pid === undefined) return { status: 1 };
  process.kill(pid, 'SIGKILL');
  return { status: 0 };
}

/** Jobs of the runs whose step has had the time to begin. */
function runningJobs(cluster, runs) {
  const { stdout } = cluster.run('squeue', '--array', '--noheader', '--states=RUNNING', '--format=%i|%j|%M');
  return stdout
    .split('\n')
    .map((line) => line.trim().split('|'))
    .filter(
      ([, name = '', time = '']) =>
        runs.some((run) => name.startsWith(`dna-${run}-`)) && !/^0:0[0-2]$/.test(time),
    )
    .map(([id]) => id);
}

/** Numbers from 0 to 1, the same ones each time (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
