// How a search grows on a cluster: as many nodes as cells, a core each. What a task takes is measured in processes of its
// own, by processor time, so that other work on the machine does not count; how nodes take tasks is replayed, as there
// are fewer cores than nodes: an array's elements in their order to nodes that are free, a stage after the one before.
//
//     node bench/cluster.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listTasks } from 'dna-nas/run-tools/runs';

const DNA = fileURLToPath(new URL('../bin/dna.js', import.meta.url));
const SIZES = [1, 2, 4, 16, 64];
/** Of which tasks are executed, and the one process that does all of them is measured; other sizes go by these. */
const MEASURED = [1, 2];
/** Prints what a process has used when it ends. */
const CLOCK = `data:text/javascript,${encodeURIComponent(
  "process.on('exit',()=>{const{user,system}=process.cpuUsage();process.stderr.write('\\ncpu '+(user+system)/1e6+'\\n')})",
)}`;

const project = mkdtempSync(join(tmpdir(), 'dna-bench-cluster-'));

/** Processor seconds of a command. */
function dna(...words) {
  const { status, stderr, stdout } = spawnSync(process.execPath, ['--import', CLOCK, DNA, ...words], {
    cwd: project,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`dna ${words.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return Number(/\ncpu ([\d.]+)\n/.exec(stderr)[1]);
}

/** Cells that differ by a channel each, so that the tasks of a stage take about the same. */
function configuration(cells) {
  const blocks = cells === 1 ? [1] : [cells / 2, cells / 2];
  const strides = blocks.map((count) => ({
    stride: 2,
    cells: Array.from({ length: count }, (_, cell) => ({ layers: 2, channels: 24 + cell })),
  }));
  const stages = ['ds_r1_k3_s1_e1_c8', 'ir_r2_k3_s2_e4_c24', 'ir_r2_k3_s2_e4_c24'];
  return {
    name: `cells-${cells}`,
    backend: 'wasm',
    data: { use: 'synthetic', train: 640, validation: 128, test: 64 },
    teacher: {
      ...{ use: 'efficientnet', weights: 'untrained', classes: 4 },
      image: { height: 32, width: 32, channels: 1 },
      architecture: { name: 'small teacher', stem: 8, stages: stages.slice(0, 1 + blocks.length), head: 16 },
    },
    partition: 'resolution',
    space: {
      ...{ use: 'mbconv', kernels: [3, 5], expansions: [3, 6], head: 16, blocks: strides },
      stem: { channels: 8, stride: 2, separable: 0 },
    },
    supernet: 'multi-cell',
    distill: {
      ...{ use: 'blockwise', epochs: 4, batch: 32, loss: 'feature-mse', optimiser: 'adam' },
      learningRate: { use: 'cosine', rate: 0.005 },
    },
    rank: { use: 'candidates', batch: 64, batches: 2 },
    search: 'exact',
    retrain: { use: 'scratch', optimiser: 'sgd', learningRate: { use: 'cosine', rate: 0.1 } },
    reports: ['json'],
  };
}

function layOut(cells) {
  writeFileSync(join(project, 'dna.config.json'), JSON.stringify(configuration(cells)));
  const submit = dna('run', '--set', 'launcher=script', '--set', 'workers=1');
  const folder = join(project, `runs/cells-${cells}`);
  return { cells, folder, submit, status: dna('status', folder), ...sizeOf(folder) };
}

function sizeOf(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.map((name) => statSync(join(folder, name))).filter((file) => file.isFile());
  return { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}

/** Seconds of each task by stage, of the last job up to the search, and of one process that does all of it. */
function execute({ cells, folder }) {
  const seconds = { distill: [], rank: [] };
  for (const { id, stage } of listTasks(folder).tasks)
    seconds[stage].push(dna('task', folder, id, '--set', 'workers=1'));
  const whole = dna('run', '--set', `name=whole-${cells}`, '--set', 'workers=1', '--until', 'search');
  return { seconds, whole };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Each task to the node that is free first; when the last one ends. */
function replay(tasks, nodes) {
  const free = Array(nodes).fill(0);
  for (const seconds of tasks) free[free.indexOf(Math.min(...free))] += seconds;
  return Math.max(...free);
}

try {
  const laidOut = SIZES.map(layOut);
  const executed = new Map(
    MEASURED.map((size) => {
      writeFileSync(join(project, 'dna.config.json'), JSON.stringify(configuration(size)));
      return [size, execute(laidOut.find(({ cells }) => cells === size))];
    }),
  );
  const [one, few] = MEASURED.map((size) => executed.get(size));
  const perCell = (few.whole - one.whole) / (MEASURED[1] - MEASURED[0]);
  console.log(`${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}; seconds are of processor time`);
  console.log(
    `a training ${mean(few.seconds.distill).toFixed(1)}, a rating ${mean(few.seconds.rank).toFixed(1)}; all in one process: 1 cell ${one.whole.toFixed(1)}, 2 cells ${few.whole.toFixed(1)}`,
  );
  console.log('| cells, nodes | one process | nodes | efficiency | to submit | files | KB | `dna status` |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const { cells, submit, status, files, bytes } of laidOut) {
    const { seconds } = executed.get(cells) ?? few;
    const tasks = (stage) =>
      Array.from({ length: cells }, (_, index) => seconds[stage][index % seconds[stage].length]);
    const span = replay(tasks('distill'), cells) + replay(tasks('rank'), cells);
    const whole = executed.get(cells)?.whole ?? one.whole + (cells - 1) * perCell;
    const row = [
      cells,
      whole.toFixed(1),
      span.toFixed(1),
      `${((100 * whole) / (cells * span)).toFixed(0)} %`,
    ];
    console.log(
      `| ${[...row, submit.toFixed(1), files, (bytes / 1024).toFixed(0), status.toFixed(2)].join(' | ')} |`,
    );
  }
} finally {
  rmSync(project, { recursive: true });
}
