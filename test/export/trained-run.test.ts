import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from 'dna-nas/configuration';
import { packageVersion } from 'dna-nas/core';
import { openStoredRun } from 'dna-nas/core/run';
import type { RunSummary } from 'dna-nas/core/stages';
import { exportOnnx, exportSafetensors, exportTfjs } from 'dna-nas/export';
import { beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../backend-install/listen.js';
import { output } from '../cli/output.js';
import { TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';
import { modelJson } from './graph-models.js';
import { execute } from './interpreter.js';
import { readOnnx } from './onnx-file.js';

let project: string;
let summary: RunSummary;

const RUN = 'runs/tiny';
/** Another epsilon than the space's: the export must take it from the result. */
const set = ['distill.epochs=1', 'retrain.epochs=1', 'retrain.batchNormEpsilon=0.01'];

beforeAll(async () => {
  project = await tinyProject();
  summary = (await run(tinyRequest(project, { set }), { inline: true }))!;
});

const exportOf = (changes: Partial<Parameters<typeof exportOnnx>[0]> = {}) =>
  exportOnnx({ source: RUN, project, ...changes });

const trainedAs = (name: string) => summary.networks.find((network) => network.name === name)!;

describe('a run', () => {
  it('gives the network that it found, with all that belongs to it', async () => {
    const { facts, run: name, bytes } = await exportOf();
    const { params, macs, top1, top5, images } = trainedAs('found');
    expect(name).toBe('tiny');
    const { mean, std, ...rest } = facts;
    expect(rest).toEqual({
      ...{ name: 'found', architecture: summary.architecture },
      ...{ parameters: params, multiplyAdds: macs, padding: 'same', accuracy: { top1, top5, images } },
      ...{ data: 'synthetic', height: 16, width: 16, channels: 1, colour: 'grey' },
      ...{ classes: 4, classNames: ['0°', '45°', '90°', '135°'] },
      ...{ input: '(pixels / 255 - mean) / std', version: packageVersion() },
    });
    expect([mean!.length, std!.length]).toEqual([1, 1]);
    const { metadata } = readOnnx(bytes);
    expect(Object.keys(metadata)).toEqual(Object.keys(facts));
    expect(metadata.architecture).toBe(summary.architecture);
    expect(JSON.parse(metadata.mean!)).toEqual(mean);
    expect(JSON.parse(metadata.classNames!)).toEqual(facts.classNames);
  });

  it('gives a model that classifies the test images as the run has measured', async () => {
    const { run: stored } = await openStoredRun({ folder: join(project, RUN), project });
    const dataset = await (await stored.resolve('resolveData', 'data')).open();
    const { bytes, facts } = await exportOf();
    const { images, labels } = await dataset.read('test', [...Array(64).keys()]);
    const maps = { shape: [64, 1, 16, 16], data: Float64Array.from(images) };
    const logits = execute(readOnnx(bytes), maps);
    const guesses = Array.from(labels, (_, image) => {
      const row = [...logits.data.subarray(4 * image, 4 * image + 4)];
      return row.indexOf(Math.max(...row));
    });
    const right = guesses.filter((guess, image) => guess === labels[image]).length;
    expect(right / 64).toBe(facts.accuracy!.top1);
    await dataset.close();
  });

  it.each([
    ['its name', 'random', 'random'],
    ['its architecture', () => String(trainedText('random')), 'random'],
    ['weights that stand beside', 'found-raw', 'found-raw'],
  ])('gives the network of %s', async (_, network, name) => {
    const { facts } = await exportOf({ network: typeof network === 'string' ? network : network() });
    expect(facts.name).toBe(name);
    expect(facts.architecture).toBe(trainedText(name.replace('-raw', '')));
  });

  /** The architecture of a network, as the search has it. */
  function trainedText(name: string): string {
    const { best, random } = JSON.parse(readFileSync(join(project, RUN, 'search.json'), 'utf8'));
    return (name === 'found' ? best : random).text;
  }

  it('gives the network of a file of its results', async () => {
    const source = `${RUN}/results/retrain-random.safetensors`;
    expect((await exportOf({ source })).bytes).toEqual((await exportOf({ network: 'random' })).bytes);
  });

  it('says by what its data normalise bytes', async () => {
    const { run: stored } = await openStoredRun({ folder: join(project, RUN), project });
    const dataset = await (await stored.resolve('resolveData', 'data')).open();
    const { mean, std } = (await exportOf()).facts;
    const { images } = await dataset.read('test', [0, 1, 2]);
    const bytes = Array.from(images, (value) => 255 * (value * std![0]! + mean![0]!));
    expect(Math.max(...bytes.map((byte) => Math.abs(byte - Math.round(byte))))).toBeLessThan(1e-3);
    expect(new Set(bytes.map(Math.round)).size).toBeGreaterThan(20);
    await dataset.close();
  });

  it('normalises pixels in the graph by what its data are normalised by', async () => {
    const { bytes, facts } = await exportOf({ preprocess: true });
    const { initialisers } = readOnnx(bytes);
    expect(facts.input).toBe('pixels from 0 to 255');
    expect(initialisers.get('preprocess.mean')!.data[0]).toBeCloseTo(255 * facts.mean![0]!, 4);
    expect(initialisers.get('preprocess.std')!.data[0]).toBeCloseTo(255 * facts.std![0]!, 4);
  });

  it('lists what it has trained where another network is asked for', async () => {
    await expect(exportOf({ network: 'fond' })).rejects.toMatchObject({
      code: 'EXPORT_NETWORK',
      message: 'The run runs/tiny has not trained "fond"; it has trained found or random.',
      hint: expect.stringContaining('dna retrain --architecture TEXT'),
    });
  });

  it.each([
    ['nowhere', 'is neither a file nor a folder'],
    ['teacher.safetensors', 'is no result of a retraining in the folder of its run'],
    [`${RUN}/results/rate-b1-c1.safetensors`, 'is no result of a retraining in the folder of its run'],
  ])('is expected in place of %s', async (source, problem) => {
    await expect(exportOf({ source })).rejects.toMatchObject({
      code: 'EXPORT_SOURCE',
      message: expect.stringContaining(problem),
    });
  });
});

it('says nothing but its own of an export that computes nothing', () => {
  const words = ['export', RUN, '--format', 'timm', '--output', 'found.safetensors'];
  const { stdout, stderr } = spawnSync(process.execPath, [resolve('bin/dna.js'), ...words], {
    cwd: project,
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^(error EXPORT_TIMM: [^\n]*\n→ [^\n]*\n)?$/);
  expect(stdout).toMatch(/^(Written as found.safetensors|$)/);
});

describe('a run that has trained nothing', () => {
  it('says how to', async () => {
    const other = await tinyProject();
    await run(tinyRequest(other), { inline: true, until: 'supernet' });
    await expect(exportOnnx({ source: RUN, project: other })).rejects.toMatchObject({
      code: 'EXPORT_NETWORK',
      message: 'The run runs/tiny has trained no network yet.',
      hint: expect.stringContaining('dna retrain --architecture runs/tiny'),
    });
  });
});

describe('several networks', () => {
  it('must be told apart by their names', async () => {
    const other = await tinyProject();
    const { backend, data, space, retrain } = TINY;
    const architectures = [
      'ir_r1_k3_s2_e2_c8 | ir_r1_k3_s2_e2_c16',
      'ir_r1_k5_s2_e2_c8 | ir_r1_k3_s2_e2_c16',
    ];
    const config = {
      ...{ name: 'many', backend, data, space, retrain, reports: ['json'] },
      architectures,
      trainings: 2,
    };
    await run({ project: other, config, set: ['retrain.epochs=0.1'] }, { inline: true });
    const of = (network?: string) => exportOnnx({ source: 'runs/many', project: other, network });
    await expect(of()).rejects.toMatchObject({
      message:
        'The run runs/many has trained 4 networks, none of them by the name of found: n1-s1, n1-s2, n2-s1 or n2-s2.',
    });
    await expect(of(architectures[1])).rejects.toMatchObject({
      code: 'EXPORT_NETWORK',
      message: expect.stringMatching(/2 times, as n2-s1 or n2-s2\.$/),
    });
    expect((await of('n2-s1')).facts).toMatchObject({ name: 'n2-s1', architecture: architectures[1] });
  });
});

describe('dna export', () => {
  it('writes the model, what belongs to it beside, and says what it takes', async () => {
    const text = await output(project, ['export', RUN, '--format', 'onnx', '--opset', '18', '--keep-norms']);
    const { bytes, facts } = await exportOf({ opset: 18, keepNorms: true });
    expect(readFileSync(join(project, 'tiny-found.onnx')).equals(bytes)).toBe(true);
    expect(JSON.parse(readFileSync(join(project, 'tiny-found.json'), 'utf8'))).toEqual(facts);
    expect(text).toMatch(
      /^Written as tiny-found\.onnx \(0\.\d+ MB\), with what belongs to it in tiny-found\.json\./,
    );
    expect(text).toContain('float32 [batch, 1, 16, 16], grey: (pixels / 255 - mean) / std');
    expect(text).toContain('logits, float32 [batch, 4]');
    expect(text).toContain(`${(100 * facts.accuracy!.top1).toFixed(2)} % top-1 on 64 test images`);
  });

  it('writes tensors, and the program of PyTorch that reads them', async () => {
    const words = ['export', RUN, '--format', 'safetensors', '--output', 'net.safetensors'];
    const text = await output(project, words);
    expect(text).toMatch(/^Written as net\.safetensors \(.* in net\.py and net\.json\.$/m);
    const { bytes, program, facts } = await exportSafetensors({ source: RUN, project });
    const read = (file: string) => readFileSync(join(project, file));
    expect(read('net.safetensors').equals(bytes)).toBe(true);
    expect(read('net.py').toString()).toBe(program('net.safetensors'));
    expect(JSON.parse(read('net.json').toString())).toEqual(facts);
    expect(facts).toEqual((await exportOf()).facts);
    // The epsilon of the run's retraining.
    expect(program('net.safetensors')).toContain('self.training, 0.1, 0.01)');
  });

  it('writes a graph model of TensorFlow.js as a folder', async () => {
    const words = ['export', RUN, '--format', 'tfjs', '--output', 'web'];
    const text = await output(project, words);
    expect(text).toMatch(
      /^Written as web\/model\.json \(0\.\d+ MB\), with .*shard1of1\.bin and web\/network\.json\.$/m,
    );
    expect(text).toContain('float32 [batch, 16, 16, 1], grey: (pixels / 255 - mean) / std');
    const { files, facts } = await exportTfjs({ source: RUN, project });
    const read = (file: string) => readFileSync(join(project, 'web', file));
    for (const [name, bytes] of files) expect(read(name).equals(bytes)).toBe(true);
    expect(JSON.parse(read('network.json').toString())).toEqual(facts);
    expect(modelJson(files).userDefinedMetadata).toEqual(facts);
    expect(facts).toEqual((await exportOf()).facts);
    // A second time it is written over.
    expect(await output(project, words)).toBe(text);
  });

  it('writes where it is told to', async () => {
    await output(project, ['export', RUN, '--network', 'random', '--preprocess', '--output', 'net.model']);
    expect(existsSync(join(project, 'net.model'))).toBe(true);
    expect(JSON.parse(readFileSync(join(project, 'net.json'), 'utf8'))).toMatchObject({
      name: 'random',
      input: 'pixels from 0 to 255',
    });
  });

  it.each([
    [['--format', 'tflite'], 'There is no format "tflite" to export to'],
    [['--opset', 'new'], '--opset is "new"; a whole number from 17 to 28 is expected.'],
    [['--opset', '9'], 'The opset is 9; a whole number from 17 to 28 is expected.'],
    [['--output', 'runs'], '--output runs is a folder; a file is expected.'],
    [['--output', 'net.json'], '--output net.json ends in .json'],
    [['--output', 'net.py'], '--output net.py ends in .py'],
    [['--format', 'safetensors', '--opset', '17'], '--opset was given with --format safetensors'],
    [['--format', 'safetensors', '--keep-norms'], '--keep-norms was given with --format safetensors'],
    [['--format', 'tfjs', '--quantize', 'int8'], '--quantize was given with --format tfjs'],
    [['--format', 'tfjs', '--output', 'teacher.safetensors'], '--output teacher.safetensors is a file'],
    [['--output', 'nowhere/net.onnx'], '--output nowhere/net.onnx: there is no folder nowhere.'],
  ])('with %j ends with 2, writes nothing and says why', async (words, problem) => {
    const { code, text } = await listen(['export', RUN, ...words], project, {});
    expect(text).toContain(problem);
    expect(code).toBe(2);
    expect(existsSync(join(project, 'nowhere'))).toBe(false);
  });
});
