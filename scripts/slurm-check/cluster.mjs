// A Slurm of one node on this machine: munged, slurmctld and slurmd from Debian's packages, in a folder of their own.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const PACKAGES = ['slurm-wlm', 'munge'];
const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch'];

/** Why there can be no Slurm here; undefined once its programs are there. */
export function installSlurm() {
  if (hasPrograms()) return undefined;
  if (process.getuid?.() !== 0) return 'Slurm is not installed, and only root can install it';
  const apt = (...words) =>
    spawnSync('apt-get', words, {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  if (apt('--version').error) return 'there is no apt-get here';
  apt('update');
  const { status, stderr } = apt('install', '-y', '--no-install-recommends', ...PACKAGES);
  if (status === 0 && hasPrograms()) return undefined;
  return `apt-get does not bring ${PACKAGES.join(' and ')}: ${(stderr ?? '').trim().split('\n').at(-1)}`;
}

const hasPrograms = () => PROGRAMS.every((name) => spawnSync('which', [name]).status === 0);

/** Starts the three daemons; all that they write lies in `folder`. */
export async function startCluster(folder) {
  if (process.getuid?.() !== 0) throw new Error('Only root can start a Slurm of its own.');
  // The user munge has to be able to enter it.
  chmodSync(folder, 0o755);
  const cluster = new Cluster(folder);
  try {
    await cluster.start();
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

class Cluster {
  #daemons = [];

  constructor(folder) {
    this.folder = folder;
    this.env = { ...process.env, SLURM_CONF: join(folder, 'slurm.conf') };
    delete this.env.CI;
  }

  async start() {
    for (const name of ['munge', 'state', 'spool']) mkdirSync(join(this.folder, name), { recursive: true });
    this.#startMunge();
    writeFileSync(join(this.folder, 'slurm.conf'), configuration(this.folder));
    await until(() => existsSync(join(this.folder, 'munge/socket')), 60, 'munged');
    this.#spawn('slurmctld', ['-D', '-f', this.env.SLURM_CONF]);
    await until(() => this.run('scontrol', 'ping').stdout.includes('UP'), 60, 'slurmctld');
    this.#spawn('slurmd', ['-D', '-f', this.env.SLURM_CONF, '-N', 'node']);
    await until(() => /idle|mix|alloc/.test(this.run('sinfo', '-h', '-o', '%T').stdout), 60, 'slurmd');
  }

  /** Runs one of Slurm's commands, or another in its environment. */
  run(command, ...words) {
    return spawnSync(command, words, { encoding: 'utf8', env: this.env, timeout: 60_000 });
  }

  async stop() {
    this.run('scancel', '--me');
    const jobs = () => this.run('squeue', '--noheader').stdout.trim();
    for (let tries = 0; tries < 75 && jobs(); tries++) await pause(200);
    for (const daemon of this.#daemons.reverse()) daemon.kill('SIGTERM');
    await pause(1000);
    for (const daemon of this.#daemons) daemon.kill('SIGKILL');
  }

  #startMunge() {
    const folder = join(this.folder, 'munge');
    const id = (flag) => Number(spawnSync('id', [flag, 'munge'], { encoding: 'utf8' }).stdout);
    const [uid, gid] = [id('-u'), id('-g')];
    const key = join(folder, 'key');
    writeFileSync(key, crypto.getRandomValues(new Uint8Array(128)), { mode: 0o400 });
    for (const path of [folder, key]) chownSync(path, uid, gid);
    chmodSync(folder, 0o711);
    const words = ['--foreground', '--force', `--key-file=${key}`, `--socket=${folder}/socket`];
    words.push(`--pid-file=${folder}/pid`, `--log-file=${folder}/log`, `--seed-file=${folder}/seed`);
    this.#spawn('munged', words, { uid, gid });
  }

  #spawn(command, words, options = {}) {
    const log = openSync(join(this.folder, `${command}.out`), 'a');
    const daemon = spawn(command, words, { ...options, env: this.env, stdio: ['ignore', log, log] });
    this.#daemons.push(daemon);
  }
}

/** `cred_expire`: a job that is requeued may start again after so long, two minutes by default. */
function configuration(folder) {
  const cores = availableParallelism();
  // Two checks at a time do not meet.
  const port = 20_000 + 2 * (process.pid % 5000);
  return `ClusterName=check
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CryptoType=crypto/munge
AuthInfo=socket=${folder}/munge/socket,cred_expire=5
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
SlurmctldPort=${port}
SlurmdPort=${port + 1}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,sched_min_interval=100000,batch_sched_delay=0
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
KillWait=10
MinJobAge=300
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName=node NodeHostname=${hostname()} NodeAddr=127.0.0.1 CPUs=${2 * cores} State=UNKNOWN
PartitionName=low Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1 GraceTime=8
PartitionName=high Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=10 PreemptMode=OFF
`;
}

async function until(holds, seconds, what) {
  for (let tries = 0; tries < seconds * 5; tries++) {
    if (holds()) return;
    await pause(200);
  }
  throw new Error(`${what} was not ready within ${seconds} seconds`);
}
