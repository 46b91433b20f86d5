// The quickstart's run in a folder of its own, cut short: what the benches of whole stages measure.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { writeSafetensors } from 'dna-nas/files';
import { EfficientNet, efficientNetSpec } from 'dna-nas/nn/networks';
import { stateDict } from 'dna-nas/nn/weights';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { interleave, ROOT, watchCores } from './measure.mjs';

const SHIPPED_TEACHER = join(ROOT, 'presets', 'weights', 'fashion-mnist-teacher.safetensors');

/** The shipped teacher's architecture, for a checkout without its weights: the time of a pass is the same. */
const TEACHER = {
  name: 'untrained teacher',
  stem: 16,
  stages: [
    'ds_r1_k3_s1_e1_c16_se0.25',
    'ir_r1_k3_s1_e3_c24_se0.25',
    'ir_r1_k5_s2_e3_c32_se0.25',
    'ir_r1_k3_s1_e3_c40_se0.25',
    'ir_r1_k3_s2_e4_c80_se0.25 ir_r1_k3_s1_e3_c80_se0.25',
  ],
  head: 256,
};
const IMAGE = { height: 28, width: 28, channels: 1 };
const CLASSES = 10;

/** A temporary project for any number of runs; the images are read once for all of them. */
export class QuickstartProject {
  #folder;
  #runs = 0;
  #settings;

  /** Makes the folder, and weights where none are shipped. */
  static async open() {
    const project = new QuickstartProject();
    project.#folder = mkdtempSync(join(tmpdir(), 'dna-bench-'));
    symlinkSync(join(ROOT, 'node_modules'), join(project.#folder, 'node_modules'), 'junction');
    project.#settings = ['reports=[]', 'workers=1'];
    if (!existsSync(SHIPPED_TEACHER)) {
      writeFileSync(join(project.#folder, 'teacher.safetensors'), await untrainedTeacher());
      project.#settings.push('teacher.weights=./teacher.safetensors');
    }
    return project;
  }

  /** What the teacher is: told with the figures. */
  get teacher() {
    return this.#settings.length > 2 ? 'untrained weights of the same architecture' : 'as shipped';
  }

  /**
   * Runs up to and with a stage. Returns the stage's seconds (without the start of threads, data and backend), the
   * ledger of its threads, and what else took the cores. `onEvent` is told what happens.
   */
  async run({ until, set, onEvent }) {
    const name = `run-${++this.#runs}`;
    const cores = watchCores();
    const request = { project: this.#folder, configFile: false, preset: 'quickstart' };
    await run(
      { ...request, set: [...this.#settings, ...set, `name=${name}`] },
      { until, ...(onEvent && { onEvent }) },
    );
    const folder = join(this.#folder, 'runs', name);
    return { folder, ...readTimes(folder, until), ...cores() };
  }

  close() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const PAIRS = 2;

/** A bench of two distillations, cut short, that differ in one setting each: `figures` of what was measured. */
export async function compareDistillations({ bench, epochs, sides, figures }) {
  const project = await QuickstartProject.open();
  try {
    const side = (setting) => () =>
      project.run({ until: 'distill', set: [`distill.epochs=${epochs}`, setting] });
    const runs = Object.entries(sides).map(([name, setting]) => [name, side(setting)]);
    const measured = await interleave(Object.fromEntries(runs), PAIRS);
    const { teacher } = project;
    return { bench, epochs, teacher, figures: figures(measured), runs: withoutFolders(measured) };
  } finally {
    project.close();
  }
}

async function untrainedTeacher() {
  await startCpuBackend();
  const stages = TEACHER.stages.map((stage) => stage.split(' '));
  const spec = efficientNetSpec({ ...TEACHER, stages, classes: CLASSES, inputChannels: IMAGE.channels });
  const network = new EfficientNet(spec).initialise(randomStream('untrained teacher'));
  const note = { architecture: TEACHER, image: IMAGE, classes: CLASSES };
  const weights = writeSafetensors(stateDict(network), { teacher: JSON.stringify(note) });
  network.dispose();
  return weights;
}

/** Seconds of a stage, and of its threads by what they were spent on. */
function readTimes(folder, stage) {
  const lines = readFileSync(join(folder, 'journal.jsonl'), 'utf8').trim().split('\n');
  const entries = lines.map((line) => JSON.parse(line));
  const { seconds } = entries.find((entry) => entry.event === 'stageLeft' && entry.stage === stage);
  const ledger = entries.find((entry) => entry.event === 'timeSpent')?.seconds ?? {};
  return { seconds, ledger };
}

/** Hash of all results of a run's tasks: two runs computed the same if and only if it is the same. */
export function resultsHash({ folder }) {
  const results = join(folder, 'results');
  const hash = createHash('sha256');
  for (const file of readdirSync(results).sort()) {
    hash.update(file).update(readFileSync(join(results, file)));
  }
  return hash.digest('hex');
}

/** Share of all threads' seconds in a stage that went to an entry of the ledger. */
export function share({ seconds, ledger }, entry, threads) {
  return (ledger[entry] ?? 0) / (seconds * threads);
}

/** Runs as they are written down: without their folder, which is gone. */
export function withoutFolders(measured) {
  const plain = ({ folder: _, ...rest }) => rest;
  return Object.fromEntries(Object.entries(measured).map(([side, runs]) => [side, runs.map(plain)]));
}
