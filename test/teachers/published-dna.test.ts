import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EfficientNet, publishedNetwork } from 'dna-nas/nn/networks';
import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
import { teacherEfficientnet } from 'dna-nas/plugins/teacher-efficientnet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashedImages, hashedWeights, relativeDistance } from '../conformance/hashed-tensors.js';
import { type GoldenRow, outputsOf } from '../conformance/timm-suite.js';
import { dictionary, pickle, tensor, torchZip } from '../hostile/make-torch.js';
import { answer } from '../plugins/plugin-run.js';

const GOLDEN = join(import.meta.dirname, '..', 'golden', 'timm', 'networks.json');

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dna-published-'));
  await startWasmBackend();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A checkpoint as training of several devices leaves it: more than weights, under wrapped names. */
function checkpoint(name: string): Uint8Array {
  const storages: Record<string, Uint8Array> = {};
  const weights = [...hashedWeights(new EfficientNet(publishedNetwork(name)!))];
  const entries = weights.map(([key, { shape, data }], index): [string, Uint8Array] => {
    storages[index] = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const stride = shape.map((_, axis) =>
      shape.slice(axis + 1).reduce((product, extent) => product * extent, 1),
    );
    return [`module.${key}`, tensor({ key: String(index), length: data.length, size: shape, stride })];
  });
  const whole = dictionary([
    ['epoch', 'K\x07'],
    ['state_dict', dictionary(entries)],
  ]);
  return torchZip(pickle(whole), storages);
}

test('DNA_a.pth.tar is read as the network that timm builds of its blocks', async () => {
  writeFileSync(join(folder, 'DNA_a.pth.tar'), checkpoint('dna-a'));
  const options = {
    architecture: 'dna-a',
    weights: 'DNA_a.pth.tar',
    image: { height: 64, width: 64, channels: 3 },
  };
  const source = await answer(teacherEfficientnet(options), 'resolveTeacher', { project: folder });
  const teacher = await source.load();
  expect(teacher.description).toMatchObject({ params: 4_243_318, preprocessing: { size: 224, crop: 0.875 } });
  const rows = JSON.parse(readFileSync(GOLDEN, 'utf8')) as GoldenRow[];
  const { outputs } = rows.find(({ network }) => network === 'dna-a')!;
  const found = outputsOf(teacher, hashedImages(64), 64);
  for (const [name, summary] of Object.entries(outputs)) {
    expect(relativeDistance(found.get(name)!.data, summary), name).toBeLessThan(1e-4);
  }
});
