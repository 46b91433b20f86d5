import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type UserConfig } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { attachRunFolder } from 'dna-nas/core/store';
import { type FileLayer, thisProcess, writeSafetensors } from 'dna-nas/files';
import { EfficientNet, efficientNetSpec } from 'dna-nas/nn/networks';
import { stateDict } from 'dna-nas/nn/weights';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { afterFile } from '../after-file.js';
import { MemoryDisk } from './memory-disk.js';

const IMAGE = { height: 8, width: 8, channels: 1 };
const CLASSES = 3;
const TEACHER = {
  name: 'small teacher',
  stem: 4,
  stages: ['ds_r1_k3_s1_e1_c4', 'ir_r1_k3_s2_e2_c4'],
  head: 4,
};

/** A whole run in a fraction of a second: two cells, three steps each, a checkpoint after every step. */
const SMALL: UserConfig = {
  name: 'small',
  seed: 5,
  backend: 'wasm',
  checkpointSeconds: 1e-6,
  data: './watched.mjs#dataWatched',
  teacher: { use: 'efficientnet', weights: './teacher.safetensors' },
  partition: 'resolution',
  space: {
    use: 'mbconv',
    kernels: [3],
    expansions: [2, 3],
    stem: { channels: 4, stride: 2, separable: 0 },
    blocks: [
      {
        stride: 2,
        cells: [
          { layers: 1, channels: 4 },
          { layers: 1, channels: 6 },
        ],
      },
    ],
    head: 4,
  },
  supernet: 'multi-cell',
  distill: {
    use: 'blockwise',
    epochs: 1,
    batch: 8,
    loss: 'feature-mse',
    optimiser: './watched.mjs#optimiserWatched',
    learningRate: { use: 'cosine', rate: 0.01 },
  },
  rank: { use: 'candidates', batch: 8, batches: 1 },
  search: { use: 'exact', limits: {} },
  retrain: {
    use: 'scratch',
    epochs: 1,
    batch: 8,
    evaluationBatch: 8,
    dropout: 0.1,
    dropConnect: 0.1,
    movingAverage: 0.9,
    networks: ['found'],
    optimiser: './watched.mjs#optimiserWatched',
    learningRate: { use: 'cosine', rate: 0.1 },
  },
  reports: [],
  plugins: ['./watched.mjs#noticesWatched'],
};

interface Watched {
  read: number[];
  disposed: number[][];
  noticed: string[];
}

const watched = (): Watched => (globalThis as unknown as { dnaWatched: Watched }).dnaWatched;

/** What must not depend on anything that happened on the way. */
export interface Outcome {
  /** SHA-256 of each result and output; of metrics, which hold times, the steps. */
  readonly files: Readonly<Record<string, string>>;
  /** Images that each training consumed, in order; those of this start's optimisers. */
  readonly consumed: readonly string[];
}

/** The project of the small run, and its starts on disks of memory. */
export class SmallRun {
  readonly #project = mkdtempSync(join(tmpdir(), 'dna-faults-'));
  #starts = 0;

  static async create(): Promise<SmallRun> {
    const small = new SmallRun();
    afterFile(() => rmSync(small.#project, { recursive: true, force: true }));
    copyFileSync(join(import.meta.dirname, 'watched.mjs'), join(small.#project, 'watched.mjs'));
    writeFileSync(join(small.#project, 'teacher.safetensors'), await teacherWeights());
    return small;
  }

  /** The run's folder on every disk. */
  get folder(): string {
    return join(this.#project, 'runs/small');
  }

  /** A disk that holds the project's folder and nothing else. */
  emptyDisk(): MemoryDisk {
    const disk = new MemoryDisk();
    let path = '';
    for (const part of this.#project.split('/').filter(Boolean)) {
      path += `/${part}`;
      disk.mkdir(path);
    }
    return disk.settle();
  }

  /** Starts or continues the run, as a process that knows nothing of those before. */
  async start(files: FileLayer): Promise<void> {
    const process = { ...thisProcess(), boot: `boot ${this.#starts++}` };
    Object.assign(watched() ?? {}, { disposed: [], noticed: [] });
    await run({ project: this.#project, config: SMALL }, { files, process });
  }

  /** What the last start told people. */
  get noticed(): readonly string[] {
    return watched().noticed;
  }

  /** Of a run that is complete, and sound: every file proves itself. */
  outcome(disk: MemoryDisk): Outcome {
    const { problems, unknown } = verifyRun(this.folder, disk);
    const strange = unknown.filter((name) => !/^(lock|claims\/[^/]+)\/\..*\.tmp$/.test(name));
    if (problems.length + strange.length > 0) throw new Error([...problems, ...strange].join('\n'));
    const files: Record<string, string> = {};
    for (const [path, bytes] of disk.files()) {
      const name = path.slice(this.folder.length + 1);
      if (/^(lock\/|claims\/|journal|manifest)/.test(name)) continue;
      const task = /^metrics\/(.*)\.jsonl$/.exec(name)?.[1];
      files[name] = task ? this.#steps(disk, task) : createHash('sha256').update(bytes).digest('hex');
    }
    const consumed = [...new Set(watched().disposed.map((list) => list.join(' ')))].sort();
    return { files, consumed };
  }

  /** Steps that a task's metrics cover, in their order. */
  #steps(disk: MemoryDisk, task: string): string {
    const { points } = attachRunFolder(this.folder, { files: disk }).readMetrics(task)!;
    const stepsOf = (step: number, steps: number) =>
      Array.from({ length: steps }, (_, at) => step - steps + at);
    return points.flatMap(({ step, steps }) => stepsOf(step, steps)).join();
  }
}

/** Weights of a teacher that nobody trained. */
async function teacherWeights(): Promise<Uint8Array> {
  await startCpuBackend();
  const spec = efficientNetSpec({
    ...TEACHER,
    stages: TEACHER.stages.map((stage) => [stage]),
    classes: CLASSES,
    inputChannels: 1,
  });
  const network = new EfficientNet(spec).initialise(randomStream('small teacher'));
  const note = { architecture: TEACHER, image: IMAGE, classes: CLASSES };
  const weights = writeSafetensors(stateDict(network), { teacher: JSON.stringify(note) });
  network.dispose();
  return weights;
}
