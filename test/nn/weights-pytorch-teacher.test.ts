import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomStream } from 'dna-nas/core';
import type { StateDict, Teacher } from 'dna-nas/core/contracts';
import { writeSafetensors } from 'dna-nas/files';
import { tf } from 'dna-nas/nn';
import { EfficientNet, efficientNetSpec, parseStages } from 'dna-nas/nn/networks';
import { stateDict, timmNames } from 'dna-nas/nn/weights';
import { type TeacherEfficientnetOptions, teacherEfficientnet } from 'dna-nas/plugins/teacher-efficientnet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dictionary, named, pickle, tensor, torchLegacy, torchZip } from '../hostile/make-torch.js';
import { onCpu } from '../plugins/on-cpu.js';
import { answer } from '../plugins/plugin-run.js';

const STAGES = ['ds_r1_k3_s1_e1_c8_se0.25', 'ir_r2_k3_s2_e2_c8_se0.25'];
const IMAGE = { height: 8, width: 8, channels: 1 };
const OPTIONS = { architecture: { stem: 8, stages: STAGES, head: 16 }, image: IMAGE, classes: 3 };

/** EfficientNet-PyTorch's names of that network and timm's, layer by layer as the two projects have them. */
const NAMES = `
  _conv_stem conv_stem
  _bn0 bn1
  _blocks.0._depthwise_conv blocks.0.0.conv_dw
  _blocks.0._bn1 blocks.0.0.bn1
  _blocks.0._se_reduce blocks.0.0.se.conv_reduce
  _blocks.0._se_expand blocks.0.0.se.conv_expand
  _blocks.0._project_conv blocks.0.0.conv_pw
  _blocks.0._bn2 blocks.0.0.bn2
  _blocks.1._expand_conv blocks.1.0.conv_pw
  _blocks.1._bn0 blocks.1.0.bn1
  _blocks.1._depthwise_conv blocks.1.0.conv_dw
  _blocks.1._bn1 blocks.1.0.bn2
  _blocks.1._se_reduce blocks.1.0.se.conv_reduce
  _blocks.1._se_expand blocks.1.0.se.conv_expand
  _blocks.1._project_conv blocks.1.0.conv_pwl
  _blocks.1._bn2 blocks.1.0.bn3
  _blocks.2._expand_conv blocks.1.1.conv_pw
  _blocks.2._bn0 blocks.1.1.bn1
  _blocks.2._depthwise_conv blocks.1.1.conv_dw
  _blocks.2._bn1 blocks.1.1.bn2
  _blocks.2._se_reduce blocks.1.1.se.conv_reduce
  _blocks.2._se_expand blocks.1.1.se.conv_expand
  _blocks.2._project_conv blocks.1.1.conv_pwl
  _blocks.2._bn2 blocks.1.1.bn3
  _conv_head conv_head
  _bn1 bn2
  _fc classifier`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(' ') as [string, string]);

let folder: string;
let weights: StateDict;
let expected: number[];

onCpu();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dna-torch-teacher-'));
  const spec = efficientNetSpec({
    ...OPTIONS.architecture,
    stages: STAGES.map((stage) => [stage]),
    inputChannels: 1,
    classes: 3,
  });
  const network = new EfficientNet(spec).initialise(randomStream(1));
  weights = stateDict(network);
  network.dispose();
  writeFileSync(join(folder, 'reference.safetensors'), writeSafetensors(weights));
  expected = await logitsOf('reference.safetensors');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function load(file: string): Promise<Teacher> {
  const options: Partial<TeacherEfficientnetOptions> = { ...OPTIONS, weights: file };
  return (await answer(teacherEfficientnet(options), 'resolveTeacher', { project: folder })).load();
}

async function logitsOf(file: string): Promise<number[]> {
  const teacher = await load(file);
  const values = tf.tidy(() => {
    const images = tf.randomNormal([2, 8, 8, 1], 0, 1, 'float32', 7) as tf.Tensor4D;
    return [...teacher.logits(images).dataSync()];
  });
  teacher.dispose();
  return values;
}

/** The weights under other names, as a dictionary in a pickle and its storages. */
function saved(rename: (name: string) => string): {
  state: Uint8Array;
  storages: Record<string, Uint8Array>;
} {
  const storages: Record<string, Uint8Array> = {};
  const entries = [...weights].map(([name, { shape, data }], index): [string, Uint8Array] => {
    storages[index] = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const stride = shape.map((_, axis) =>
      shape.slice(axis + 1).reduce((product, extent) => product * extent, 1),
    );
    return [rename(name), tensor({ key: String(index), length: data.length, size: shape, stride })];
  });
  storages.count = new Uint8Array(4);
  const count = tensor({ key: 'count', type: 'IntStorage', length: 1, size: [], stride: [] });
  entries.push([`${rename('bn1.weight').replace('weight', '')}num_batches_tracked`, count]);
  return { state: dictionary(entries), storages };
}

function toOldName(name: string): string {
  const [old, timm] = NAMES.find(([, part]) => name.startsWith(`${part}.`))!;
  return old + name.slice(timm.length);
}

describe('a teacher from', () => {
  test.each([
    ['a state dict as zip', 'b0.pth', (name: string) => name, torchZip],
    ['a state dict of the old format', 'b0-legacy.pt', (name: string) => name, torchLegacy],
    ['a wrapped network', 'b0.pth.tar', (name: string) => `module.${name}`, torchZip],
    ['EfficientNet-PyTorch', 'pytorch_model.bin', toOldName, torchLegacy],
    [
      'EfficientNet-PyTorch, wrapped',
      'no-extension',
      (name: string) => `module.${toOldName(name)}`,
      torchZip,
    ],
    ['a file with a wrong extension', 'b0.safetensors', (name: string) => name, torchZip],
  ])('%s computes what the same weights do as safetensors', async (_, file, rename, write) => {
    const { state, storages } = saved(rename);
    writeFileSync(join(folder, file), write(pickle(state), storages));
    expect(await logitsOf(file)).toEqual(expected);
  });

  test('a checkpoint takes the averaged weights', async () => {
    const { state, storages } = saved((name) => name);
    const checkpoint = dictionary([
      ['epoch', 'K\x07'],
      ['state_dict', dictionary([['other', tensor({ key: '0', length: 72, size: [1], stride: [1] })]])],
      ['state_dict_ema', state],
    ]);
    writeFileSync(join(folder, 'checkpoint.pth.tar'), torchZip(pickle(checkpoint), storages));
    expect(await logitsOf('checkpoint.pth.tar')).toEqual(expected);
  });

  test.each([
    [
      'another network',
      pickle(
        dictionary([
          ['_conv_stem.weight', tensor()],
          ['_blocks.99._bn0.bias', tensor()],
        ]),
      ),
      /not in the network: _blocks.99._bn0.bias/,
      /Name the weights of this network/,
    ],
    ['a program', pickle(named('os', 'system')), /asks for "os.system"/, /save the tensors alone/],
    ['nothing', pickle(), /data.pkl/, /torch.save\(model.state_dict/],
  ])('%s is refused', async (_, data, message, hint) => {
    writeFileSync(join(folder, 'wrong.pth'), torchZip(data));
    await expect(load('wrong.pth')).rejects.toMatchObject({
      code: 'TEACHER_WEIGHTS',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });
});

test('names of EfficientNet-PyTorch become timm’s, and others stay', () => {
  const value = { shape: [], data: new Float32Array(1) };
  const stages = parseStages(STAGES.map((stage) => [stage]));
  const renamed = timmNames(new Map(NAMES.map(([old]) => [`${old}.weight`, value])), stages);
  expect([...renamed.keys()]).toEqual(NAMES.map(([, timm]) => `${timm}.weight`));
  const others = ['conv_stem.weight', '_blocks.0._bn1.bias', 'module.bn1.bias', '__proto__.x'];
  expect([...timmNames(new Map(others.map((name) => [name, value])), stages).keys()]).toEqual(others);
  const strange = [
    '_conv_stem.weight',
    '_blocks.3._bn0.bias',
    '_blocks.0._bn0.bias',
    '_blocks.0.constructor.x',
    '_swish.a',
  ];
  expect([...timmNames(new Map(strange.map((name) => [name, value])), stages).keys()].slice(1)).toEqual(
    strange.slice(1),
  );
});
