import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { readSafetensors, writeSafetensors } from 'dna-nas/files';
import { EfficientNet, efficientNetSpec } from 'dna-nas/nn/networks';
import { stateDict } from 'dna-nas/nn/weights';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import sharp from 'sharp';
import { afterFile } from '../after-file.js';

const GOLDEN = fileURLToPath(new URL('../golden/whole-run/', import.meta.url));
const RATES = fileURLToPath(new URL('./rates.mjs', import.meta.url));

interface Configuration {
  readonly files: Readonly<Record<'train' | 'val', readonly number[]>>;
  readonly base: UserConfig & { readonly teacher: TeacherOptions };
  readonly runs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface TeacherOptions {
  readonly architecture: { readonly stages: readonly string[]; readonly batchNormEpsilon: number };
  readonly classes: number;
}

/** What both implementations are given. */
export const CONFIGURATION = readJson('configuration.json') as Configuration;

export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(GOLDEN, file), 'utf8'));
}

/** The base with what a run changes: whole parts, or single options by a dotted name. */
export function configOf(name: string): UserConfig {
  const config = structuredClone(CONFIGURATION.base) as unknown as Record<string, unknown>;
  for (const [key, value] of Object.entries(CONFIGURATION.runs[name]!)) {
    const path = key.split('.');
    const last = path.pop()!;
    const into = path.reduce((at, part) => at[part] as Record<string, unknown>, config);
    into[last] = value;
  }
  return { ...config, name };
}

/** A folder with the images, the teacher's weights and the plugin that tells the rates. */
export async function wholeRunProject(): Promise<string> {
  const project = mkdtempSync(join(tmpdir(), 'dna-whole-run-'));
  afterFile(() => rmSync(project, { recursive: true, force: true }));
  for (const part of ['train', 'val'] as const) {
    for (const [label, count] of CONFIGURATION.files[part].entries()) {
      const folder = join(project, 'images', part, `class${label}`);
      mkdirSync(folder, { recursive: true });
      for (let number = 0; number < count; number++) await writeImage(folder, { part, label, number });
    }
  }
  writeFileSync(join(project, 'teacher.safetensors'), await teacherWeights());
  copyFileSync(RATES, join(project, 'rates.mjs'));
  return project;
}

/** Stripes of the class, and noise. */
async function writeImage(
  folder: string,
  { part, label, number }: { part: string; label: number; number: number },
): Promise<void> {
  const width = 23 + (number % 3);
  const height = 20 + ((number + label) % 4) * 3;
  const noise = randomStream('whole run images').fork(part, label, number);
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [c, x, y] = [at % 3, Math.floor(at / 3) % width, Math.floor(at / 3 / width)] as const;
    const stripes = x * (3 + 2 * label) + y * (11 - label) * (1 + c) + 50 * c;
    return (stripes + (noise.uint32() % 48)) % 256;
  });
  const raw = { width, height, channels: 3 } as const;
  await sharp(pixels, { raw })
    .png()
    .toFile(join(folder, `${number}.png`));
}

/** Drawn weights, and batch norms that are not trivial. */
async function teacherWeights(): Promise<Uint8Array> {
  await startCpuBackend();
  const { architecture, classes } = CONFIGURATION.base.teacher;
  const spec = efficientNetSpec({
    ...architecture,
    stages: architecture.stages.map((stage) => stage.split(' ')),
    batchNorm: { epsilon: architecture.batchNormEpsilon },
    classes,
  });
  const random = randomStream('whole run teacher');
  const network = new EfficientNet(spec).initialise(random);
  for (const [name, tensor] of network.tensors()) {
    if (tensor.shape.length > 1) continue;
    const drawn = random.fork(name);
    const least = /(running_var|weight)$/.test(name) ? 0.5 : -0.5;
    tensor.set(Float32Array.from({ length: tensor.size }, () => least + drawn.uniform()));
  }
  const weights = writeSafetensors(stateDict(network), {});
  network.dispose();
  return weights;
}

/** The tensors of every result of a run, as `task/tensor`. */
export function resultTensors(project: string, name: string): Map<string, Float32Array> {
  const folder = join(project, 'runs', name, 'results');
  const found = new Map<string, Float32Array>();
  for (const file of readdirSync(folder)) {
    const { tensors } = readSafetensors(readFileSync(join(folder, file)));
    const task = file.replace('.safetensors', '');
    for (const [tensor, { data }] of tensors) found.set(`${task}/${tensor}`, data as Float32Array);
  }
  return found;
}

/** The tensors that the reference came to, as `run/task/tensor`. */
export function expectedTensors(): Map<string, Float32Array> {
  const { tensors } = readSafetensors(readFileSync(join(GOLDEN, 'weights.safetensors')));
  return new Map([...tensors].map(([name, { data }]) => [name, data as Float32Array]));
}
