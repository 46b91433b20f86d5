import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, type UserConfig } from 'dna-nas/configuration';
import type { StageName, TaskState } from 'dna-nas/core/stages';
import { readSafetensors, toStateDict } from 'dna-nas/files';
import { forkRun } from 'dna-nas/run-tools';
import { afterFile } from '../after-file.js';
import { projectFolder } from '../run/project-folder.js';

const WITNESSES = fileURLToPath(new URL('./witness', import.meta.url));

/** Images of the witnesses' data set. */
export const SIZE = { train: 48, validation: 24, test: 20 };

/** Index, split (1 train, 2 validation, 3 test) and augmentation (1 for distilling, 2 for retraining). */
export type Mark = readonly [index: number, split: number, augmented: number];

/** A line of the witnesses' log; which fields there are depends on `who`. */
export interface Note {
  readonly who:
    | 'data'
    | 'teacher'
    | 'layer'
    | 'built'
    | 'loss'
    | 'optimiser'
    | 'schedule'
    | 'step'
    | 'rating'
    | 'answer'
    | 'rest'
    | 'trained'
    | 'epoch'
    | 'stage';
  readonly stage: StageName;
  /** What a stage says it will do. */
  readonly description: string;
  readonly split: 'train' | 'validation' | 'test';
  readonly images: number[];
  readonly augmented: number;
  /** Key of the stream that augments the batch. */
  readonly stream?: string;
  readonly asked: 'features' | 'logits';
  readonly shape: number[];
  readonly operation: string;
  readonly stride: number;
  readonly mode: 'train' | 'calibrate' | 'evaluate' | 'opened';
  readonly drawn?: number;
  readonly marks?: Mark[];
  readonly dropConnect: number;
  readonly dropout: number;
  readonly parameters: string[];
  readonly gradients: string[];
  readonly learningRate: number;
  readonly task: string;
  readonly loss: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly cell: number;
  readonly index: number;
  readonly input: Mark[];
  readonly target: Mark[];
  /** Stage behind which the teacher answers, its batch norms’ statistics, and how many tensors there were. */
  readonly statistics: string;
  readonly behind: number;
  readonly tensors: number;
}

const CONFIG: UserConfig = {
  name: 'witnessed',
  seed: 5,
  plugins: ['./witness/progress.mjs'],
  backend: 'cpu',
  data: './witness/data.mjs',
  teacher: './witness/teacher.mjs',
  partition: 'resolution',
  space: './witness/space.mjs',
  supernet: 'multi-cell',
  distill: {
    use: 'blockwise',
    epochs: 1.5,
    batch: 12,
    pathsPerStep: 3,
    loss: './witness/training.mjs',
    optimiser: './witness/training.mjs',
    learningRate: './witness/training.mjs',
    learningRateFactors: [1, 10],
  },
  rank: {
    use: 'candidates',
    batch: 8,
    batches: 2,
    calibrationBatches: 1,
    rating: './witness/training.mjs',
  },
  search: { use: 'exact', limits: { params: 300 } },
  retrain: {
    use: 'scratch',
    epochs: 1.5,
    batch: 16,
    evaluationBatch: 7,
    dropout: 0.25,
    dropConnect: 0.5,
    optimiser: './witness/training.mjs',
    learningRate: './witness/training.mjs',
  },
  reports: ['json'],
};

/** A finished run of the witnesses: what they wrote down, and the run's files. */
export class WitnessedRun {
  readonly notes: readonly Note[];
  readonly #folder: string;

  constructor(project: string, name = 'witnessed') {
    this.#folder = join(project, 'runs', name);
    const lines = readFileSync(join(project, 'witness/log.jsonl'), 'utf8').trim().split('\n');
    this.notes = lines.map((line) => JSON.parse(line));
  }

  /** What was written down during a stage. */
  during(stage: StageName): readonly Note[] {
    const starts = this.notes.flatMap(({ who, stage: begun }, index) =>
      who === 'stage' ? [{ begun, index }] : [],
    );
    return starts.flatMap(({ begun, index }, place) =>
      begun === stage ? this.notes.slice(index + 1, starts[place + 1]?.index) : [],
    );
  }

  by(who: Note['who'], stage?: StageName): readonly Note[] {
    return (stage ? this.during(stage) : this.notes).filter((note) => note.who === who);
  }

  json(file: string) {
    return JSON.parse(readFileSync(join(this.#folder, file), 'utf8'));
  }

  /** What a task has committed. */
  result(task: string): TaskState {
    const file = readSafetensors(readFileSync(join(this.#folder, 'results', `${task}.safetensors`)));
    return { json: JSON.parse(file.metadata.get('json')!), tensors: toStateDict(file) };
  }
}

/** A run of the witnesses in a fresh project, with some values set otherwise. */
export function witnessRequest(set: readonly string[] = []) {
  const project = projectFolder('dna-witness-');
  cpSync(WITNESSES, join(project, 'witness'), { recursive: true });
  return { project, config: CONFIG, set: [...set] };
}

/** Runs the witnesses in this thread. */
export async function witnessedRun(set: readonly string[] = [], until?: StageName): Promise<WitnessedRun> {
  const request = witnessRequest(set);
  await run(request, { inline: true, ...(until && { until }) });
  return new WitnessedRun(request.project);
}

let rated: Promise<string> | undefined;

/** A whole run with other values for what follows the rating: what comes before is run once for all of a file. */
export async function witnessedRetraining(...set: string[]): Promise<WitnessedRun> {
  rated ??= rateWitnesses();
  const request = witnessRequest(set);
  cpSync(await rated, request.project, { recursive: true });
  const fork = await forkRun(request);
  await run(fork?.request ?? request, { inline: true });
  return new WitnessedRun(request.project, fork?.name);
}

async function rateWitnesses(): Promise<string> {
  afterFile(() => {
    rated = undefined;
  });
  const request = witnessRequest();
  await run(request, { inline: true, until: 'rank' });
  return request.project;
}
