import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, type UserConfig } from 'dna-nas/configuration';
import type { Network, StagedNetwork } from 'dna-nas/core/contracts';
import { openStoredRun } from 'dna-nas/core/run';
import { exportOnnx, exportSafetensors, predictImages } from 'dna-nas/export';
import { readSafetensors } from 'dna-nas/files';
import { EVALUATE, tf } from 'dna-nas/nn';
import { planInherited } from 'dna-nas/nn/inherit';
import { beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../backend-install/listen.js';
import { output } from '../cli/output.js';
import { TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';
import { execute } from './interpreter.js';
import { readOnnx } from './onnx-file.js';

const RUN = 'runs/tiny';

/** Cells with the teacher's channels, 16 and 16, and one beside them that has others. */
const FITTING: UserConfig = {
  ...TINY,
  space: {
    ...(TINY.space as object),
    use: 'mbconv',
    blocks: [
      { stride: 2, cells: [{ layers: 1, channels: 16 }] },
      {
        stride: 2,
        cells: [
          { layers: 2, channels: 16 },
          { layers: 1, channels: 24 },
        ],
      },
    ],
  },
  search: { use: 'exact', limits: {} },
};

/** Of the fitting cells alone. */
const NETWORK = 'ir_r1_k5_s2_e2_c16_se0.25 | ir_r1_k3_s2_e2_c16_se0.25 ir_r1_k5_s1_e2_c16_se0.25';
const OTHER = 'ir_r1_k5_s2_e2_c16_se0.25 | ir_r1_k3_s2_e2_c24_se0.25';

let project: string;

beforeAll(async () => {
  project = await tinyProject();
  const request = tinyRequest(project, { config: FITTING, set: ['distill.epochs=2'] });
  await run(request, { until: 'search', inline: true });
});

const inherited = (changes: object = {}) =>
  ({ source: RUN, project, weights: 'inherited', network: NETWORK, ...changes }) as const;

const stored = (name: string) => readSafetensors(readFileSync(join(project, RUN, 'results', name)));

describe('a network with inherited weights', () => {
  it('has the parameters of the cells, and the head of the teacher', async () => {
    const { tensors } = readSafetensors((await exportSafetensors(inherited())).bytes);
    const values = (name: string) => [...(tensors.get(name)!.data as Float32Array)];
    const [first, second] = ['train-b1-c1.safetensors', 'train-b2-c1.safetensors'].map(
      (one) => stored(one).tensors,
    );
    const of = (from: typeof first, name: string) => [...(from!.get(name)!.data as Float32Array)];
    // Vectors lie the same in memory and in files.
    const named = (from: typeof first, ending: string) =>
      [...from!.keys()].filter((name) => name.endsWith(ending)).sort();
    expect(named(first, 'bn1.weight').length + named(first, 'bn.weight').length).toBeGreaterThan(0);
    const operation = 'layers.0.operations.1';
    for (const norm of ['bn1', 'bn2', 'bn3'])
      expect(values(`blocks.0.0.${norm}.bias`)).toEqual(of(first, `${operation}.${norm}.bias`));
    expect(values('blocks.1.1.bn2.weight')).toEqual(of(second, `layers.1.operations.1.bn2.weight`));
    expect(values('blocks.1.0.bn2.weight')).toEqual(of(second, `layers.0.operations.0.bn2.weight`));
    const teacher = readSafetensors(readFileSync(join(project, 'teacher.safetensors'))).tensors;
    for (const name of ['conv_head.weight', 'bn2.bias', 'classifier.weight', 'classifier.bias'])
      expect(values(name)).toEqual([...(teacher.get(name)!.data as Float32Array)]);
  });

  it('has statistics of its own', async () => {
    const { tensors } = readSafetensors((await exportSafetensors(inherited())).bytes);
    const variances = tensors.get('blocks.1.1.bn3.running_var')!.data as Float32Array;
    const before = stored('train-b2-c1.safetensors').tensors.get('layers.1.operations.1.bn3.running_var')!;
    expect([...variances]).not.toEqual([...(before.data as Float32Array)]);
    for (const variance of variances) expect(variance).toBeGreaterThan(0);
  });

  it('normalises in its head as the teacher does, whose epsilon is another', async () => {
    const { folder, run: opened } = await openStoredRun({ folder: join(project, RUN), project });
    await (await opened.resolve('resolveBackend', 'backend')).start({ workers: 1 });
    const plan = await planInherited({ folder, run: opened, source: RUN, network: NETWORK });
    const network = (await plan.create()) as Network & StagedNetwork;
    const teacher = await plan.world.teacher();
    const head = teacher.rest!(plan.world.blocks.at(-1)!.outputStage);
    const own = network.tensors();
    for (const name of ['bn2.running_mean', 'bn2.running_var'])
      head.tensors().get(name)!.set(own.get(name)!.value.dataSync<'float32'>());
    const { images } = await plan.world.dataset.read('test', [0, 1, 2, 3]);
    const map = network.features(tf.tensor4d(images, [4, 16, 16, 1]), EVALUATE, [1])[0]! as tf.Tensor4D;
    const found = network.forwardFrom!(map, EVALUATE, 1).dataSync();
    const wanted = head.forward(map, EVALUATE).dataSync();
    const largest = Math.max(...wanted.map(Math.abs));
    found.forEach((value, at) => {
      expect(Math.abs(value - wanted[at]!)).toBeLessThan(1e-5 * largest);
    });
    for (const part of [network, head, teacher, map]) part.dispose();
    await plan.world.dataset.close();
  });

  it('is measured as what is exported', async () => {
    const { bytes, facts } = await exportOnnx(inherited());
    expect(facts).toMatchObject({
      name: 'network-inherited',
      architecture: NETWORK,
      accuracy: { images: 64 },
    });
    const { run: opened } = await openStoredRun({ folder: join(project, RUN), project });
    const dataset = await (await opened.resolve('resolveData', 'data')).open();
    const { images, labels } = await dataset.read('test', [...Array(64).keys()]);
    const logits = execute(readOnnx(bytes), { shape: [64, 1, 16, 16], data: Float64Array.from(images) });
    const right = labels.filter((label, image) => {
      const row = [...logits.data.subarray(4 * image, 4 * image + 4)];
      return row.indexOf(Math.max(...row)) === label;
    });
    expect(right.length / 64).toBe(facts.accuracy!.top1);
    expect((await exportOnnx(inherited())).bytes).toEqual(bytes);
    await dataset.close();
  });

  it('is the found one where none is named, if its cells fit', async () => {
    const { best } = JSON.parse(readFileSync(join(project, RUN, 'search.json'), 'utf8'));
    const isFitting = best.text.split('|')[1].includes('c16');
    const exported = exportOnnx(inherited({ network: undefined }));
    if (isFitting)
      expect((await exported).facts).toMatchObject({ name: 'found-inherited', architecture: best.text });
    else await expect(exported).rejects.toMatchObject({ code: 'INHERITED_WEIGHTS' });
  });

  it('predicts', async () => {
    const images = [join(process.cwd(), 'docs/images/report.png')];
    const { facts } = await predictImages({ ...inherited(), images });
    expect(facts.name).toBe('network-inherited');
  });

  it('is refused with the borders that differ', async () => {
    await expect(exportOnnx(inherited({ network: OTHER }))).rejects.toMatchObject({
      code: 'INHERITED_WEIGHTS',
      message:
        "The weights cannot be inherited, as blocks were trained between other channels than they have in the network: block 2 puts out 24 channels and was trained to put out the teacher's 16.",
    });
  });
});

describe('what cannot be inherited', () => {
  it('of a run that has trained no cells, or has not searched', async () => {
    const other = await tinyProject();
    await run(tinyRequest(other, { config: FITTING }), { until: 'supernet', inline: true });
    const from = (changes: object) => exportOnnx(inherited({ project: other, ...changes }));
    await expect(from({})).rejects.toMatchObject({
      code: 'INHERITED_WEIGHTS',
      message: expect.stringContaining('it has no result train-b1-c1'),
    });
    await expect(from({ network: 'random' })).rejects.toMatchObject({
      code: 'INHERITED_WEIGHTS',
      message: 'The run runs/tiny has not searched yet, so there is no network "random".',
    });
  });

  it('of a head that differs from the teacher’s', async () => {
    const other = await tinyProject();
    const config = {
      ...FITTING,
      space: { ...(FITTING.space as object), use: 'mbconv', head: 24 },
    } as UserConfig;
    const request = tinyRequest(other, { config, set: ['distill.epochs=0.1'] });
    await run(request, { until: 'distill', inline: true });
    await expect(exportOnnx(inherited({ project: other }))).rejects.toMatchObject({
      code: 'INHERITED_WEIGHTS',
      message: expect.stringMatching(
        /the network has conv_head.weight \[.*24\] where the head of the teacher has conv_head.weight \[.*16\]/,
      ),
    });
  });
});

describe('weights of the best epoch', () => {
  it('are exported where the run keeps them', async () => {
    const other = await tinyProject();
    const set = ['distill.epochs=0.1', 'retrain.epochs=2'];
    await run(tinyRequest(other, { set }), { inline: true });
    const { facts } = await exportOnnx({ source: RUN, project: other, weights: 'best' });
    expect(facts.name).toBe('found-best');
    await output(other, ['export', RUN, '--weights', 'best', '--output', 'best.onnx']);
    const bytes = readFileSync(join(other, 'best.onnx'));
    expect(
      bytes.equals((await exportOnnx({ source: RUN, project: other, network: 'found-best' })).bytes),
    ).toBe(true);
    await expect(
      exportOnnx({ source: RUN, project: other, network: 'found-raw', weights: 'best' }),
    ).rejects.toMatchObject({
      code: 'EXPORT_NETWORK',
      message: expect.stringContaining('keeps no weights of the best epoch'),
    });
    const { code, text } = await listen(['export', RUN, '--weights', 'old'], other, {});
    expect(text).toContain('--weights is "old"; retrained, best, inherited are known.');
    expect(code).toBe(2);
  });
});
