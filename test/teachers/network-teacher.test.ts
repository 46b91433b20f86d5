import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveConfig, run, type UserConfig } from 'dna-nas/configuration';
import { type PluginRun, randomStream } from 'dna-nas/core';
import { applyPlugins } from 'dna-nas/core/plugin';
import { planNetwork } from 'dna-nas/core/space';
import type { RunSummary } from 'dna-nas/core/stages';
import { attachRunFolder } from 'dna-nas/core/store';
import type { DnaError } from 'dna-nas/errors';
import { writeSafetensors } from 'dna-nas/files';
import { CALIBRATE, EVALUATE, tf } from 'dna-nas/nn';
import { isStagedModule } from 'dna-nas/nn/teacher';
import { loadStateDict } from 'dna-nas/nn/weights';
import type { TeacherNetworkOptions } from 'dna-nas/plugins/teacher-network';
import { beforeAll, describe, expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';
import { TINY, tinyProject } from '../run/tiny-run.js';

const INLINE = { inline: true };
const WEIGHTS = 'runs/teacher/results/retrain-given.safetensors';
const TEXT =
  'ir_r1_k5_s2_e2_c16_se0.25 ir_r1_k3_s1_e2_c16_se0.25 | ir_r1_k3_s2_e2_c16_se0.25 ir_r1_k5_s1_e2_c16_se0.25';
/** Not the space's, so that the teacher must take it from its file. */
const EPSILON = 0.01;
const IMAGE = { height: 16, width: 16, channels: 1 };

let project: string;
let trained: RunSummary;

onCpu();
beforeAll(async () => {
  project = await tinyProject();
  const retrain = { ...(TINY.retrain as object), movingAverage: 0, batchNormEpsilon: EPSILON };
  const config = { ...TINY, name: 'teacher', retrain, architecture: TEXT };
  trained = (await run({ project, config }, INLINE))!;
});

const withTeacher = (options: Partial<TeacherNetworkOptions> = {}, changes: UserConfig = {}): UserConfig => ({
  ...TINY,
  teacher: { use: 'network', weights: WEIGHTS, ...options },
  ...changes,
});

async function openTeacher(options: Partial<TeacherNetworkOptions> = {}, changes: UserConfig = {}) {
  const config = await resolveConfig({ project, config: withTeacher(options, changes) });
  const run: PluginRun = await applyPlugins(config, { project, main: false });
  return { run, source: await run.resolve('resolveTeacher', 'teacher') };
}

/** The network itself, as it was trained. */
async function openNetwork(run: PluginRun) {
  const space = await run.resolve('resolveSpace', 'space');
  const network = planNetwork(space, TEXT).create({
    image: IMAGE,
    classes: 4,
    batchNorm: { epsilon: EPSILON },
  });
  const { tensors } = attachRunFolder(join(project, 'runs/teacher')).loadResult('retrain-given')!;
  if (!isStagedModule(network)) throw new Error('A network of the space mbconv has stages.');
  loadStateDict(network, new Map(tensors));
  return network;
}

function images(): tf.Tensor4D {
  const random = randomStream('images');
  const values = Float32Array.from({ length: 5 * 16 * 16 }, () => random.normal());
  return tf.tensor4d(values, [5, 16, 16, 1]);
}

function furthest(one: tf.Tensor, other: tf.Tensor): number {
  return tf.tidy(() => tf.max(tf.abs(tf.sub(one, other))).dataSync()[0]!);
}

describe('a network of the space as the teacher', () => {
  it('is described by its file', async () => {
    const { source } = await openTeacher();
    const bytes = readFileSync(join(project, WEIGHTS));
    const [{ params, macs }] = trained.networks as [RunSummary['networks'][0]];
    const description = await source.describe();
    // A 1×1 convolution to the head's 16 channels at 2×2, and the classifier.
    const head = 2 * 2 * 16 * 16 + 16 * 4;
    const [first, last] = description.stages.map(({ macsBehind }) => macsBehind);
    expect(last).toBe(head);
    expect(first).toBeGreaterThan(head);
    expect(first).toBeLessThan(macs);
    const shapes = description.stages.map(({ shapesBehind }) => shapesBehind!);
    // The head's convolution, batch norm and classifier are behind both, the second block behind the first alone.
    expect(shapes[1]).toMatchObject({ 'classifier.weight': [16, 4], 'classifier.bias': [4] });
    expect(shapes[0]).toMatchObject(shapes[1]!);
    expect(Object.keys(shapes[0]!).length).toBeGreaterThan(Object.keys(shapes[1]!).length);
    expect(description).toEqual({
      name: TEXT,
      ...{ input: IMAGE, classes: 4, params, macs, trainableRest: true },
      fingerprint: createHash('sha256').update(bytes).digest('hex'),
      stages: [
        {
          name: 'stage 1',
          output: { height: 4, width: 4, channels: 16 },
          macsBehind: first,
          shapesBehind: shapes[0],
        },
        {
          name: 'stage 2',
          output: { height: 2, width: 2, channels: 16 },
          macsBehind: last,
          shapesBehind: shapes[1],
        },
      ],
    });
  });

  it.each([
    ['running', EVALUATE],
    ['batch', CALIBRATE],
  ] as const)("gives the network's own maps and logits, by %s statistics", async (statistics, context) => {
    const { run, source } = await openTeacher({ statistics });
    const network = await openNetwork(run);
    const teacher = await source.load();
    const x = images();
    // Logits first: to calibrate overwrites the network's statistics.
    const logits = [teacher.logits(x), network.forward(x, EVALUATE)];
    const maps = [teacher.features(x, [0, 1]), network.features(x, context, [0, 1])];
    expect(furthest(logits[0]!, logits[1]!)).toBeLessThan(1e-5);
    for (const stage of [0, 1]) expect(furthest(maps[0]![stage]!, maps[1]![stage]!)).toBeLessThan(1e-5);
    for (const stage of [0, 1]) {
      const features = maps[0]![stage] as tf.Tensor4D;
      const answer = teacher.answer!(features, stage, 'running');
      if (statistics === 'running') expect(furthest(answer, logits[0]!)).toBe(0);
      expect(answer.shape).toEqual([5, 4]);
      const byBatch = teacher.answer!(features, stage, 'batch');
      const expected = network.forwardFrom!(features, CALIBRATE, stage);
      expect(furthest(byBatch, expected)).toBeLessThan(1e-5);
      expect(furthest(byBatch, answer)).toBeGreaterThan(1e-3);
      tf.dispose([answer, byBatch, expected]);
    }
    const { stages } = teacher.description;
    expect(maps[0]!.map(({ shape }) => shape)).toEqual(
      stages.map(({ output: { height, width, channels } }) => [5, height, width, channels]),
    );
    tf.dispose([x, logits, maps]);
    teacher.dispose();
    network.dispose();
  });

  it('gives what follows a stage as a copy that can be trained, and stays as it was', async () => {
    const teacher = await (await openTeacher()).source.load();
    const x = images();
    for (const stage of [0, 1]) {
      const [map] = teacher.features(x, [stage]);
      const before = teacher.answer!(map!, stage, 'running');
      const count = tf.memory().numTensors;
      const rest = teacher.rest!(stage);
      const names = [...rest.tensors().keys()];
      expect(names.some((name) => name.startsWith('blocks.0.'))).toBe(false);
      expect(names.some((name) => name.startsWith('blocks.1.'))).toBe(stage === 0);
      expect(names.some((name) => name.endsWith('classifier.weight'))).toBe(true);
      const same = rest.forward(map!, EVALUATE);
      expect(furthest(same, before)).toBeLessThan(1e-5);
      for (const tensor of rest.tensors().values()) tensor.assign(tf.zerosLike(tensor.value));
      const [other, after] = [rest.forward(map!, EVALUATE), teacher.answer!(map!, stage, 'running')];
      expect(furthest(other, before)).toBeGreaterThan(1e-3);
      expect(furthest(after, before)).toBe(0);
      tf.dispose([same, other, after]);
      rest.dispose();
      expect(tf.memory().numTensors).toBe(count);
      tf.dispose([map!, before]);
    }
    x.dispose();
    teacher.dispose();
  });

  it('leads a whole search, in which it is measured as it was after its training', async () => {
    // Rated by its answer, so that it goes on from its features behind every candidate.
    const config = withTeacher({}, { rank: { ...(TINY.rank as object), rating: 'answer-kl' } });
    const summary = (await run({ project, config }, INLINE))!;
    const [teacher] = summary.networks;
    const { params, macs, top1 } = trained.networks[0]!;
    expect(teacher).toMatchObject({ name: 'teacher', params, macs, top1 });
    expect(attachRunFolder(join(project, 'runs/tiny')).readJson('identity')).toMatchObject({
      teacher: (await (await openTeacher()).source.describe()).fingerprint,
    });
  });

  it('takes its file from elsewhere on this machine', async () => {
    const { source } = await openTeacher({ weights: 'not/here', weightsFile: join(project, WEIGHTS) });
    expect((await source.describe()).name).toBe(TEXT);
  });
});

describe('what cannot be such a teacher', () => {
  const problem = async (options: Partial<TeacherNetworkOptions>) => {
    const { source } = await openTeacher(options);
    return source.load().catch((error: unknown) => error as DnaError);
  };

  it('is named', async () => {
    const plain = { a: { shape: [1], data: new Float32Array(1) } };
    writeFileSync(join(project, 'plain.safetensors'), writeSafetensors(new Map(Object.entries(plain)), {}));
    writeFileSync(join(project, 'text.safetensors'), 'no weights');
    const cases: [Partial<TeacherNetworkOptions>, RegExp][] = [
      [{ weights: `${WEIGHTS}x` }, /are not there: there is no such file in the project/],
      [{ weights: join(project, WEIGHTS) }, /is the absolute path/],
      [{ weights: 'text.safetensors' }, /cannot be used/],
      [{ weights: 'plain.safetensors' }, /do not say which network they are of/],
      [{ weights: 'plain.safetensors', architecture: TEXT }, /do not say which images and classes/],
      [{ architecture: TEXT.replace('k5', 'k3') }, /cannot be used: These weights are of another network/],
    ];
    for (const [options, words] of cases) {
      const error = await problem(options);
      expect(error).toMatchObject({ name: 'DnaError', code: 'TEACHER_WEIGHTS' });
      expect(error).toHaveProperty('message', expect.stringMatching(words));
    }
    expect(await problem({ weights: `${WEIGHTS}x` })).toMatchObject({
      hint: `Did you mean --set teacher.weights=${WEIGHTS}?`,
    });
  });
});
