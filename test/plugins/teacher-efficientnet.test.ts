import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandTools, type JsonObject, randomStream } from 'dna-nas/core';
import type { TeacherSource } from 'dna-nas/core/contracts';
import { writeSafetensors } from 'dna-nas/files';
import { CALIBRATE, EVALUATE, tf } from 'dna-nas/nn';
import { EfficientNet, efficientNetSpec } from 'dna-nas/nn/networks';
import { stateDict } from 'dna-nas/nn/weights';
import { type TeacherEfficientnetOptions, teacherEfficientnet } from 'dna-nas/plugins/teacher-efficientnet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onCpu } from './on-cpu.js';
import { answer } from './plugin-run.js';

const ARCHITECTURE = {
  name: 'tiny',
  stem: 8,
  stages: ['ds_r1_k3_s1_e1_c8_se0.25', 'ir_r2_k3_s2_e2_c16_se0.25', 'ir_r1_k5_s2_e2_c24'],
  head: 32,
};
const IMAGE = { height: 16, width: 16, channels: 1 };
const CUSTOM = { architecture: ARCHITECTURE, image: IMAGE, classes: 5 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dna-teacher-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
onCpu();

function source(options: Partial<TeacherEfficientnetOptions>): Promise<TeacherSource> {
  return answer(teacherEfficientnet(options), 'resolveTeacher', { project: folder });
}

/** A network of the architecture above with statistics and scales that folding must not lose. */
function createNetwork(): EfficientNet {
  const stages = ARCHITECTURE.stages.map((stage) => [stage]);
  const spec = { stem: 8, head: 32, stages, inputChannels: 1, classes: 5, batchNorm: { epsilon: 1e-3 } };
  const network = new EfficientNet(efficientNetSpec(spec)).initialise(randomStream(1));
  const random = randomStream(2);
  for (const [name, tensor] of network.tensors()) {
    if (tensor.shape.length > 1) continue;
    const draw = random.fork(name);
    tensor.set(Float32Array.from({ length: tensor.size }, () => 0.5 + draw.uniform()));
  }
  return network;
}

function writeWeights(name: string, network: EfficientNet, metadata: Record<string, string> = {}): void {
  writeFileSync(join(folder, name), writeSafetensors(stateDict(network), metadata));
}

function values(tensor: tf.Tensor): number[] {
  const found = Array.from(tensor.dataSync());
  tensor.dispose();
  return found;
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  const scale = Math.max(...expected.map(Math.abs));
  expect(found).toHaveLength(expected.length);
  for (const [index, value] of expected.entries())
    expect(Math.abs(found[index]! - value) / scale).toBeLessThan(2e-5);
}

describe('describe', () => {
  it.each([
    ['tf_efficientnet_b0', 5_288_548, 385_814_752],
    ['efficientnet_b4', 19_341_616, 1_503_710_432],
    ['tf_efficientnet_b7', 66_347_960, 5_169_865_152],
    ['tf_efficientnet_lite0', 4_652_008, 385_187_552],
  ])('counts %s without a backend', async (architecture, params, macs) => {
    writeFileSync(join(folder, 'empty.safetensors'), writeSafetensors(new Map()));
    const teacher = await source({ architecture, weights: 'empty.safetensors' });
    const description = await teacher.describe();
    expect(description).toMatchObject({ name: architecture, params, macs });
    expect(description.stages.map(({ output }) => output.height)).toEqual([112, 56, 28, 14, 14, 7, 7]);
    expect(description.input).toEqual({ height: 224, width: 224, channels: 3 });
  });

  it('identifies the weights by their SHA-256, wherever they lie', async () => {
    const network = createNetwork();
    writeWeights('named.safetensors', network);
    const bytes = readFileSync(join(folder, 'named.safetensors'));
    const expected = createHash('sha256').update(bytes).digest('hex');
    const relative = await source({ ...CUSTOM, weights: 'named.safetensors' });
    const elsewhere = await source({
      ...CUSTOM,
      weights: 'x.safetensors',
      weightsFile: join(folder, 'named.safetensors'),
    });
    expect((await relative.describe()).fingerprint).toBe(expected);
    expect((await elsewhere.describe()).fingerprint).toBe(expected);
    network.dispose();
  });
});

describe('load', () => {
  it('folds batch norms and gives what the network gives in evaluate mode', async () => {
    const network = createNetwork();
    writeWeights('whole.safetensors', network);
    const teacher = await (await source({ ...CUSTOM, weights: 'whole.safetensors' })).load();
    const images = tf.randomNormal([3, 16, 16, 1], 0, 1, 'float32', 7) as tf.Tensor4D;
    const found = teacher.features(images, [0, 2]);
    const expected = network.features(images, EVALUATE, [0, 2]);
    expect(found.map(({ shape }) => shape)).toEqual([
      [3, 8, 8, 8],
      [3, 2, 2, 24],
    ]);
    for (const [index, feature] of found.entries()) expectClose(values(feature), values(expected[index]!));
    expectClose(values(teacher.logits(images)), values(network.forward(images, EVALUATE)));
    teacher.dispose();
    network.dispose();
    images.dispose();
  });

  it('goes on from the features of each stage to its logits', async () => {
    const network = createNetwork();
    writeWeights('answers.safetensors', network);
    const teacher = await (await source({ ...CUSTOM, weights: 'answers.safetensors' })).load();
    const images = tf.randomNormal([3, 16, 16, 1], 0, 1, 'float32', 9) as tf.Tensor4D;
    const stages = [0, 1, 2];
    const features = teacher.features(images, stages);
    const before = tf.memory().numTensors;
    const answers = stages.map((stage) => teacher.answer!(features[stage]!, stage, 'running'));
    expect(tf.memory().numTensors).toBe(before + stages.length);
    const logits = values(teacher.logits(images));
    for (const answer of answers) expect(values(answer)).toEqual(logits);
    expect(() => teacher.answer!(features[2]!, 3, 'running')).toThrow(/stage number from 0 to 2 and got 3/);
    tf.dispose([features, images]);
    teacher.dispose();
    network.dispose();
  });

  it('tells the multiply-adds from each stage to its logits', async () => {
    const network = createNetwork();
    const { macs } = network.cost(IMAGE);
    const layers = network.layers(IMAGE);
    writeWeights('rest.safetensors', network);
    const { stages } = await (await source({ ...CUSTOM, weights: 'rest.safetensors' })).describe();
    const until = stages.map((_, stage) =>
      layers
        .filter(({ name }) => name === 'conv_stem' || Number(/^blocks\.(\d+)/.exec(name)?.[1]) <= stage)
        .reduce((sum, layer) => sum + layer.macs, 0),
    );
    expect(stages.map(({ macsBehind }) => macsBehind)).toEqual(until.map((sum) => macs - sum));
    network.dispose();
  });

  it('normalises features by the batch where asked to, and logits by the running statistics all the same', async () => {
    const network = createNetwork();
    writeWeights('batch.safetensors', network);
    const teacher = await (
      await source({ ...CUSTOM, weights: 'batch.safetensors', statistics: 'batch' })
    ).load();
    const images = tf.randomNormal([4, 16, 16, 1], 0, 1, 'float32', 8) as tf.Tensor4D;
    const logits = values(network.forward(images, EVALUATE));
    const [feature] = teacher.features(images, [2]);
    const [expected] = network.features(images, CALIBRATE, [2]);
    // By the running statistics an image's answer does not depend on the others.
    const [alone, among] = [tf.slice(feature!, 0, 1) as tf.Tensor4D, feature!];
    const first = values(teacher.answer!(among, 2, 'running')).slice(0, 5);
    expectClose(first, values(teacher.answer!(alone, 2, 'running')));
    alone.dispose();
    expectClose(values(feature!), values(expected!));
    expectClose(values(teacher.logits(images)), logits);
    teacher.dispose();
    network.dispose();
    images.dispose();
  });

  it('takes the network from the weights file if the options do not say', async () => {
    const network = createNetwork();
    writeWeights('noted.safetensors', network, { teacher: JSON.stringify(CUSTOM) });
    const teacher = await source({ weights: 'noted.safetensors' });
    expect(await teacher.describe()).toMatchObject({ name: 'tiny', input: IMAGE });
    (await teacher.load()).dispose();
    network.dispose();
  });
});

describe('what cannot be used', () => {
  it('says where weights come from when there are none', async () => {
    const missing = await source(CUSTOM);
    await expect(missing.describe()).rejects.toMatchObject({
      code: 'TEACHER_WEIGHTS',
      hint: expect.stringContaining('dna teacher train'),
    });
    const lost = await source({ ...CUSTOM, weights: 'lost.safetensors' });
    await expect(lost.load()).rejects.toThrow(
      /"lost.safetensors" are not there: there is no such file in the project, and no weights of the package \(/,
    );
    const absolute = await source({ ...CUSTOM, weights: join(folder, 'named.safetensors') });
    await expect(absolute.describe()).rejects.toMatchObject({ hint: expect.stringContaining('weightsFile') });
  });

  it('names the file and the difference when the weights are another network’s', async () => {
    const network = createNetwork();
    writeWeights('other.safetensors', network);
    const teacher = await source({ ...CUSTOM, classes: 6, weights: 'other.safetensors' });
    await expect(teacher.load()).rejects.toThrow(/other\.safetensors cannot be used.*classifier\.weight/s);
    const unknown = await source({ weights: 'other.safetensors' });
    await expect(unknown.describe()).rejects.toMatchObject({ code: 'TEACHER_ARCHITECTURE' });
    writeFileSync(join(folder, 'broken.safetensors'), 'no weights');
    const broken = await source({ ...CUSTOM, weights: 'broken.safetensors' });
    await expect(broken.describe()).rejects.toThrow(/broken\.safetensors cannot be used/);
    network.dispose();
  });
});

describe('dna teacher train', () => {
  it('trains on nothing that was not named', async () => {
    const [command] = teacherEfficientnet.definition.commands!;
    const tools = { project: folder, print: () => undefined, note: () => undefined };
    await expect(command!.run({}, tools)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('--data'),
      hint: expect.stringMatching(/--data imagenet.*--data idx/),
    });
  });

  it('trains, tells its accuracy and writes a teacher that says what it is', async () => {
    const [command] = teacherEfficientnet.definition.commands!;
    const { properties } = command!.options;
    const defaults = Object.entries(properties).map(([name, option]) => [name, option.default]);
    const printed: string[] = [];
    const notes: string[] = [];
    const tools: CommandTools = {
      project: folder,
      print: (text) => printed.push(text),
      note: (text) => notes.push(text),
    };
    const options = {
      ...(Object.fromEntries(defaults) as JsonObject),
      data: 'synthetic',
      dataOptions: { size: 16, classes: 3, train: 240, validation: 30, test: 90, noise: 0.1 },
      backend: 'wasm',
      architecture: ARCHITECTURE,
      epochs: 4,
      batch: 24,
      out: 'trained.safetensors',
    };
    await command!.run(options, tools);
    const accuracy = Number(/Test accuracy (0\.\d+|1\.0+)/.exec(printed.join())![1]);
    expect(accuracy).toBeGreaterThan(0.7);
    expect(notes.filter((note) => note.startsWith('epoch '))).toHaveLength(4);
    const teacher = await (await source({ weights: 'trained.safetensors' })).load();
    expect(teacher.description).toMatchObject({ name: 'tiny', input: IMAGE });
    const logits = tf.tidy(() => teacher.logits(tf.zeros([1, 16, 16, 1])));
    expect(logits.shape).toEqual([1, 3]);
    logits.dispose();
    teacher.dispose();
    const weights = () => readFileSync(join(folder, 'trained.safetensors'));
    const before = weights();
    const again = { ...options, epochs: 1 };
    await expect(command!.run(again, tools)).rejects.toMatchObject({ code: 'TEACHER_THERE' });
    expect(weights()).toEqual(before);
    await command!.run({ ...again, force: true }, tools);
    expect(weights()).not.toEqual(before);
  });
});
