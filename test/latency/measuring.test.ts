import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  exportLatency,
  type LatencyTable,
  listLayers,
  measureLatency,
  type OpenedSpace,
} from 'dna-nas/latency';
import { beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../backend-install/listen.js';
import { output } from '../cli/output.js';
import { readOnnx } from '../export/onnx-file.js';
import { RUN, ratedRun } from './rated-run.js';

let project: string;
let space: OpenedSpace;

beforeAll(async () => {
  ({ project, space } = await ratedRun());
});

describe('measuring', () => {
  const request = (changes: object = {}) => ({
    ...{ source: RUN, config: { project }, runtime: 'backend' as const, backend: 'wasm' },
    ...{ threads: 1, batch: 2, rounds: 2, networks: 3, output: 'measured.json' },
    ...changes,
  });
  const file = () => join(project, 'measured.json');

  it('takes the samples that are missing, and no others', async () => {
    const told: number[] = [];
    const table = await measureLatency({ ...request(), progress: (done) => told.push(done) });
    const rows = [...table.layers, ...table.networks];
    expect(rows).toHaveLength(listLayers(space).length + 3);
    expect(told).toEqual(Array.from({ length: 2 * rows.length }, (_, at) => at + 1));
    for (const { samples } of rows) {
      expect(samples).toHaveLength(2);
      for (const sample of samples) expect(sample).toBeGreaterThan(0);
    }
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual(table);
    const [first, ...others] = table.layers;
    const cut = { ...table, layers: [{ ...first!, samples: first!.samples.slice(0, 1) }, ...others] };
    writeFileSync(file(), JSON.stringify(cut));
    const more: number[] = [];
    const again = await measureLatency({ ...request(), progress: (done) => more.push(done) });
    expect(more).toEqual([2 * rows.length]);
    expect(again.layers.slice(1)).toEqual(others);
    expect(again.layers[0]!.samples[0]).toBe(first!.samples[0]);
    expect(again.networks).toEqual(table.networks);
  });

  it.each([
    [{ batch: 1 }, 'the batch 2, and 1 is to be measured'],
    [{ backend: 'cpu' }, 'the runtime "WebAssembly'],
    [{ networks: 4 }, 'the layers and networks "'],
  ])('does not go on with another measurement: %j', async (change, problem) => {
    const before = readFileSync(file(), 'utf8');
    await expect(measureLatency(request(change))).rejects.toMatchObject({
      code: 'LATENCY_OTHER',
      message: expect.stringContaining(problem),
    });
    expect(readFileSync(file(), 'utf8')).toBe(before);
  });

  it('gives onnxruntime the models, the images and the threads', async () => {
    const folder = join(project, 'node_modules', 'onnxruntime-node');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "main": "index.js" }');
    writeFileSync(join(folder, 'index.js'), RUNTIME);
    const words = [
      'latency',
      'measure',
      RUN,
      '--threads',
      '3',
      '--batch',
      '2',
      '--rounds',
      '1',
      '--networks',
      '2',
    ];
    const text = await output(project, [...words, '--output', 'onnx.json']);
    const calls = readFileSync(join(project, 'calls.txt'), 'utf8').trim().split('\n');
    expect(new Set(calls)).toEqual(
      new Set(
        ['2,1,1,1', '2,1,16,16', '2,8,8,8', '2,16,4,4', '2,8,4,4', '2,16,2,2', '2,24,2,2'].map(
          (one) => `3 threads ${one}`,
        ),
      ),
    );
    const table = JSON.parse(readFileSync(join(project, 'onnx.json'), 'utf8'));
    expect(table).toMatchObject({ runtime: 'onnxruntime-node 9.9', threads: 3, batch: 2, rounds: 1 });
    expect(text).toContain('onnxruntime-node 9.9, 3 threads, batch 2');
  });

  it.each([
    [['--runtime', 'tflite'], '--runtime is "tflite"; onnxruntime or backend is expected.'],
    [['--runtime', 'backend', '--threads', '2'], '--threads 2 was given with --runtime backend'],
    [['--backend', 'wasm'], '--backend was given without --runtime backend.'],
    [['--rounds', '0'], '--rounds is "0"; a whole number from 1 to 1000 is expected.'],
    [['--output', 'runs'], '--output runs is a folder; a file is expected.'],
  ])('with %j ends with 2 and says why', async (words, problem) => {
    const { code, text } = await listen(['latency', 'measure', RUN, ...words], project, {});
    expect(text).toContain(problem);
    expect(code).toBe(2);
    expect(existsSync(join(project, 'latency.json'))).toBe(false);
  });
});

/** Notes how it is called. */
const RUNTIME = `
const { appendFileSync } = require('node:fs');
exports.env = { versions: { common: '9.9' } };
exports.Tensor = class { constructor(type, data, dims) { Object.assign(this, { type, data, dims }); } };
exports.InferenceSession = {
  async create(model, { intraOpNumThreads }) {
    return {
      async run({ input: { data, dims } }) {
        if (data.length !== dims.reduce((a, b) => a * b)) throw new Error('no images');
        appendFileSync('calls.txt', intraOpNumThreads + ' threads ' + dims + '\\n');
        return {};
      },
      async release() {},
    };
  },
};
`;

describe('an export', () => {
  it('is a model for each row of a table without samples, and the program that fills it', async () => {
    const written = await exportLatency({
      source: RUN,
      config: { project },
      networks: 2,
      output: 'elsewhere',
    });
    const read = (name: string) => readFileSync(join(project, 'elsewhere', name));
    const table = JSON.parse(read('table.json').toString()) as LatencyTable;
    expect(written).toEqual({ layers: table.layers.length, networks: 2 });
    expect(read('measure.py').toString()).toContain('json.load');
    expect(table.networks.map(({ samples }) => samples)).toEqual([[], []]);
    const stem = table.layers.find(({ layer }) => layer === 'stem')!;
    const { nodes, initialisers } = readOnnx(read(stem.file!));
    expect(nodes.map(({ op }) => op)).toContain('Conv');
    const counted = [...initialisers.values()].reduce((sum, { data }) => sum + data.length, 0);
    // The norm is folded: a bias in place of its four values a channel, of which two are parameters.
    expect(counted).toBe(stem.params - stem.output[2]);
    const files = [...table.layers, ...table.networks].map(({ file }) => file!);
    expect(new Set(files).size).toBe(files.length);
    for (const file of files) expect(readOnnx(read(file)).nodes.length).toBeGreaterThan(0);
  });
});
