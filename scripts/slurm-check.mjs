// A search on a real Slurm of one node: as arrays, with all three strategies, under preemptions, requeues, signals and
// kills, on nodes with a wrong clock and a file system that is late, it ends in the bits of one machine.
//
//     node scripts/slurm-check.mjs
//
// Root installs Debian's slurm-wlm and munge where they are missing; elsewhere the check says why it is skipped.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { blocksOf } from './docs-commands.mjs';
import { installSlurm, startCluster } from './slurm-check/cluster.mjs';
import { disturb } from './slurm-check/disturb.mjs';
import { checkLostWork } from './slurm-check/lost-work.mjs';

const DNA = fileURLToPath(new URL('../bin/dna.js', import.meta.url));
const EYES = fileURLToPath(new URL('./slurm-check/slow-eyes.mjs', import.meta.url));
const PAGE = fileURLToPath(new URL('../docs/how-to/cluster.md', import.meta.url));
/** So many, or as many as there is time for on a busy machine. */
const DISTURBANCES = 20;
const DISTURBED_SECONDS = 170;
const FEWEST_DISTURBANCES = 5;
/** Nothing that a run or Slurm does is longer without a sign, on whatever machine. */
const STILL_SECONDS = 120;
/** Times that a run is submitted again once nothing disturbs it. */
const SUBMITTED_AGAIN = 5;
const CHECKPOINT_SECONDS = 0.5;

async function check() {
  writeFileSync(join(project, 'dna.config.json'), JSON.stringify(CONFIG));
  const names = Object.keys(STRATEGIES);
  for (const name of names) launch(name);
  const here = onOneMachine(names);
  const until = Date.now() + 1000 * DISTURBED_SECONDS;
  const disturbed = { cluster, project, runs: names, count: DISTURBANCES, until, goOn };
  const times = await disturb(disturbed);
  if (times < FEWEST_DISTURBANCES && !names.every(isComplete))
    throw new Error(`there was something to disturb ${times} times only`);
  await here;
  for (const name of names) {
    await complete(name);
    same(name, resultsOf(`${name}-here`), resultsOf(name));
    const resumed = checkLostWork(join(project, 'runs', name), CHECKPOINT_SECONDS);
    console.log(
      `${name}: ${resumed} times a task went on from a checkpoint, and an interval at most was lost`,
    );
    dna('verify', `runs/${name}`);
  }
  followPage();
  await eventually(() => isComplete('quickstart-smoke'), 'the run of the page is not complete');
  console.log(dna('status', 'runs/quickstart-smoke').trim());
  launch('cancelled');
  await cancelled('cancelled');
}

/** The same runs without a launcher, one after the other. */
async function onOneMachine(names) {
  for (const name of names) {
    const words = [DNA, 'run', '--set', `name=${name}-here`, ...STRATEGIES[name]];
    const child = spawn(process.execPath, words, { cwd: project, stdio: 'ignore' });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`the run ${name} on one machine ended with ${code}`);
  }
}

const STRATEGIES = {
  blockwise: [],
  s1: ['--set', 'distill=progressive-s1', '--set', 'distill.epochs=12'],
  s2: ['--set', 'distill=progressive-s2', '--set', 'distill.epochs=12'],
};

/** Small enough that most of a task is its start, and long enough to be disturbed. */
const CONFIG = {
  backend: 'wasm',
  data: { use: 'synthetic', train: 192, validation: 64, test: 64, augment: { flip: 0.5, shift: 1 } },
  teacher: {
    use: 'efficientnet',
    weights: 'untrained',
    image: { height: 16, width: 16, channels: 1 },
    classes: 4,
    architecture: {
      ...{ name: 'tiny teacher', stem: 8, head: 16 },
      stages: ['ds_r1_k3_s1_e1_c8', 'ir_r1_k3_s2_e2_c12', 'ir_r1_k3_s2_e2_c16'],
    },
  },
  partition: 'resolution',
  space: {
    ...{ use: 'mbconv', kernels: [3, 5], expansions: [2], head: 16 },
    stem: { channels: 8, stride: 2, separable: 0 },
    blocks: [block(8, 16), block(16, 24)],
  },
  supernet: 'multi-cell',
  distill: {
    ...{ use: 'blockwise', epochs: 60, batch: 16, loss: 'feature-mse', optimiser: 'adam' },
    learningRate: { use: 'cosine', rate: 0.01 },
  },
  rank: { use: 'candidates', batch: 16, batches: 3 },
  search: { use: 'exact', limits: { params: 6000 } },
  retrain: {
    ...{ use: 'scratch', epochs: 3, batch: 16, dropout: 0.1, dropConnect: 0.1 },
    ...{ optimiser: 'sgd', learningRate: { use: 'cosine', rate: 0.1 } },
  },
  reports: ['json'],
};

function block(...channels) {
  return { stride: 2, cells: channels.map((width) => ({ layers: 1, channels: width })) };
}

/** Each start of a job is on a machine of another name, of which some have a wrong clock or late folders. */
const SETUP = [
  `start=$SLURM_JOB_ID-\${SLURM_RESTART_COUNT:-0}`,
  `export DNA_HOST=node-$start NODE_OPTIONS=--import=${EYES}`,
  'if [ $((SLURM_JOB_ID % 2)) = 0 ]; then export DNA_CHECK_CLOCK=600000; else export DNA_CHECK_LATE=1500; fi',
];

/** Gives the command that submits, which has to leave within five seconds of laying the tasks out. */
function launch(name) {
  const settings = [
    'launcher=slurm',
    `launcher.setup=${JSON.stringify(SETUP)}`,
    `checkpointSeconds=${CHECKPOINT_SECONDS}`,
    // What was killed is taken over when its lease has lapsed, by default after two minutes.
    'leaseSeconds=6',
    'workers=1',
  ];
  const words = [
    ...settings.flatMap((one) => ['--set', one]),
    '--set',
    `name=${name}`,
    ...(STRATEGIES[name] ?? []),
  ];
  console.log(dna('run', ...words).trim());
}

/** The commands of the page for users, as they stand there. */
function followPage() {
  const blocks = blocksOf(readFileSync(PAGE, 'utf8')).filter(({ note }) =>
    note.includes('scripts/slurm-check.mjs'),
  );
  if (blocks.length < 3) throw new Error('the page has lost its commands');
  for (const { content } of blocks) {
    for (const line of content.trim().split('\n')) {
      const [, ...words] = line.replace('npx ', '').split(' ');
      console.log(
        `$ dna ${words.join(' ')}\n${dna(...words, ...(words[0] === 'run' ? ['--no-config'] : []))}`,
      );
    }
  }
}

/** Its jobs end, and none of them has itself started again. */
async function cancelled(name) {
  console.log(dna('cancel', `runs/${name}`).trim());
  await eventually(() => !hasJobs(name), `jobs of the cancelled run ${name} are still there`);
}

/** Waits for the end of a run. */
async function complete(name) {
  let again = 0;
  const ended = () => {
    if (goOn(name) && ++again > SUBMITTED_AGAIN)
      throw new Error(`the run ${name} was submitted ${again} times without coming to its end`);
    return isComplete(name);
  };
  await eventually(ended, `the run ${name} is not complete`);
  console.log(`${name} is complete`);
}

const isComplete = (name) => existsSync(join(project, 'runs', name, 'outcome.json'));

/**
 * Submits what is missing of a run that has no job any more. Jobs that were disturbed again and again before they could
 * save anything are given up, as they should be.
 */
function goOn(name) {
  if (hasJobs(name) || isComplete(name)) return false;
  launch(name);
  return true;
}

/** Waits for something. A machine that is slow only takes longer; one on which nothing moves has failed. */
async function eventually(holds, otherwise) {
  let [signs, since] = ['', Date.now()];
  while (!holds()) {
    await pause(500);
    const now = signsOfLife();
    if (now !== signs) [signs, since] = [now, Date.now()];
    if (Date.now() - since > 1000 * STILL_SECONDS)
      throw new Error(`${otherwise}, and for ${STILL_SECONDS} seconds nothing has changed:\n${now}`);
  }
}

/** What Slurm does, and the files that the runs have. */
function signsOfLife() {
  const jobs = cluster.run('squeue', '--array', '--noheader', '--format=%i %j %T %r').stdout;
  const runs = namesIn(join(project, 'runs'));
  const files = runs.flatMap((run) => FILLED.map((name) => namesIn(join(project, 'runs', run, name)).join()));
  return [jobs, ...files].join('\n');
}

/** Folders of a run that fill up as its tasks are worked on. */
const FILLED = ['claims', 'metrics', 'results'];
const namesIn = (folder) => (existsSync(folder) ? readdirSync(folder) : []);

const hasJobs = (name) => cluster.run('squeue', '--noheader', '--format=%j').stdout.includes(`dna-${name}-`);

function dna(...words) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [DNA, ...words], {
    cwd: project,
    env: { ...cluster.env, DNA_HOST: 'login' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`dna ${words.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** SHA-256 of what must not depend on where it was computed. */
function resultsOf(name) {
  const folder = join(project, 'runs', name);
  const hash = (file) =>
    createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
  const files = readdirSync(join(folder, 'results')).map((file) => `results/${file}`);
  return Object.fromEntries(
    [...files, 'ratings.json', 'search.json'].sort().map((file) => [file, hash(file)]),
  );
}

function same(name, before, now) {
  const wrong = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (file) => before[file] !== now[file],
  );
  if (wrong.length > 0) throw new Error(`${name}: other bits than on one machine in ${wrong.join(', ')}`);
  console.log(`${name}: ${Object.keys(before).length} files have the bits of one machine`);
}

function logs() {
  const folder = join(project, 'runs/.launch');
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  return files
    .filter((file) => file.endsWith('.log'))
    .map(
      (file) =>
        `-- ${file}\n${readFileSync(join(project, 'runs/.launch', file), 'utf8')
          .split('\n')
          .slice(-12)
          .join('\n')}`,
    )
    .join('\n');
}

function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(0);
}

const reason = process.platform === 'linux' ? installSlurm() : 'it is for Linux';
if (reason !== undefined) skip(reason);

const project = mkdtempSync(join(tmpdir(), 'dna-slurm-'));
const daemons = mkdtempSync(join(tmpdir(), 'dna-slurmd-'));
// A container may not let them listen, change their user, or name its host.
const cluster = await startCluster(daemons).catch((error) =>
  skip(`Slurm does not start here: ${error.message}`),
);
for (const name of ['SIGINT', 'SIGTERM'])
  process.once(name, async () => {
    await cluster.stop();
    process.exit(1);
  });
try {
  await check();
  console.log('A search on Slurm has the bits of one machine.');
} catch (error) {
  console.log(`FAILED ${error.message}`);
  console.log(logs());
  process.exitCode = 1;
} finally {
  await cluster.stop();
  for (const folder of [project, cluster.folder]) rmSync(folder, { recursive: true, force: true });
}
