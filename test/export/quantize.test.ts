import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { exportOnnx, exportQuantized, type QuantizedModel } from 'dna-nas/export';
import { beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../backend-install/listen.js';
import { output } from '../cli/output.js';
import { TINY, tinyProject } from '../run/tiny-run.js';
import { executeAll } from './interpreter.js';
import { readOnnx } from './onnx-file.js';

const RUN = 'runs/tiny-retrain';
const NETWORK = 'ir_r1_k3_s2_e2_c8_se0.25 | ir_r1_k5_s2_e2_c16_se0.25';

let project: string;
let made: QuantizedModel;

/** A runtime that is the interpreter of these tests, so that a session computes what ONNX defines. */
const RUNTIME = `
exports.env = { versions: { common: '0' } };
exports.Tensor = class { constructor(type, data, dims) { Object.assign(this, { type, data, dims }); } };
exports.InferenceSession = { create: async (model) => globalThis.openModel(model) };
`;

interface Given {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

function openModel(bytes: Uint8Array) {
  const model = readOnnx(bytes);
  const known = new Map<Float32Array, Record<string, { data: Float32Array }>>();
  return {
    async run({ input }: { input: Given }) {
      const before = known.get(input.data);
      if (before) return before;
      const values = executeAll(model, { shape: input.dims, data: Float64Array.from(input.data) });
      const found = Object.fromEntries(
        model.outputs.map(({ name }) => [name, { data: Float32Array.from(values.get(name)!.data) }]),
      );
      known.set(input.data, found);
      return found;
    },
    async release() {},
  };
}

beforeAll(async () => {
  project = await tinyProject();
  const { backend, space, retrain } = TINY;
  const data = { use: 'synthetic', train: 64, validation: 16, test: 32 };
  const config = { name: 'tiny', backend, space, data, retrain, reports: ['json'] };
  await run({ project, config, architecture: NETWORK, set: ['retrain.epochs=2'] }, { inline: true });
  const folder = join(project, 'node_modules', 'onnxruntime-node');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), RUNTIME);
  writeFileSync(join(folder, 'package.json'), '{ "main": "index.js" }');
  (globalThis as { openModel?: unknown }).openModel = openModel;
  made = await exportQuantized({ source: RUN, project });
});

describe('a model in eight bits', () => {
  it('classifies nearly as the one in float32, and says how it was measured', async () => {
    const { facts, float, int8, runtime } = made;
    const plain = await exportOnnx({ source: RUN, project });
    expect(runtime).toBe('onnxruntime-node 0');
    expect(float.top1).toBe(plain.facts.accuracy!.top1);
    expect(Math.abs(int8.top1 - float.top1)).toBeLessThanOrEqual(2 / 32);
    expect(facts).toMatchObject({
      name: `${plain.facts.name}-int8`,
      accuracy: { top1: int8.top1, images: 32 },
    });
    expect(int8.bytes).toBeLessThan(made.bytes.length);
  });

  it('has each weight within half a step of its channel, in signed bytes', async () => {
    const { initialisers } = readOnnx(made.bytes);
    const plain = readOnnx((await exportOnnx({ source: RUN, project })).bytes);
    const filters = [...plain.initialisers].filter(
      ([name, { shape }]) => shape.length > 1 && name.endsWith('weight'),
    );
    expect(filters.length).toBeGreaterThan(8);
    for (const [name, { shape, data }] of filters) {
      const bytes = initialisers.get(`${name}/bytes`)!;
      const scales = initialisers.get(`${name}/scale`)!.data;
      const size = data.length / shape[0]!;
      expect(bytes.shape).toEqual(shape);
      expect(scales).toHaveLength(shape[0]!);
      data.forEach((value, at) => {
        const scale = scales[Math.floor(at / size)]!;
        expect(Math.abs(bytes.data[at]!)).toBeLessThanOrEqual(127);
        expect(Math.abs(bytes.data[at]! * scale - value)).toBeLessThanOrEqual(scale * 0.5001);
      });
      for (let channel = 0; channel < shape[0]!; channel++) {
        const own = bytes.data.subarray(channel * size, (channel + 1) * size).map(Math.abs);
        if (own.some((byte) => byte > 0)) expect(Math.max(...own)).toBe(127);
      }
    }
  });

  it('has biases in the steps of what they are added to, and a zero that is a byte', () => {
    const { nodes, initialisers } = readOnnx(made.bytes);
    const conv = nodes.find(({ op, inputs }) => op === 'Conv' && inputs.length === 3)!;
    const [x, weights, bias] = conv.inputs.map((name) => nodes.find(({ outputs }) => outputs[0] === name)!);
    const scaleOf = (node: typeof x) => initialisers.get(node!.inputs[1]!)!.data;
    scaleOf(bias).forEach((scale, channel) => {
      expect(scale).toBeCloseTo(scaleOf(x)[0]! * scaleOf(weights)[channel]!, 9);
    });
    const quantised = nodes.filter(({ op }) => op === 'QuantizeLinear');
    for (const { inputs } of quantised) {
      const zero = initialisers.get(inputs[2]!)!.data[0]!;
      expect(Number.isInteger(zero) && zero >= 0 && zero <= 255).toBe(true);
    }
    // Every value that an operation in eight bits reads has gone through bytes.
    const readers = nodes.filter(({ op }) =>
      ['Conv', 'Gemm', 'Add', 'Mul', 'Sigmoid', 'GlobalAveragePool'].includes(op),
    );
    for (const { inputs } of readers)
      for (const name of inputs) expect(initialisers.has(name) || name.endsWith('/float')).toBe(true);
  });

  it('takes pixels where it normalises itself, to the same answers', async () => {
    const pixels = await exportQuantized({ source: RUN, project, preprocess: true });
    expect(pixels.facts.input).toBe('pixels from 0 to 255');
    expect(pixels.float.top1).toBe(made.float.top1);
    expect(Math.abs(pixels.int8.top1 - made.int8.top1)).toBeLessThanOrEqual(2 / 32);
  });
});

describe('dna export --quantize', () => {
  it('writes the model and says what it costs', async () => {
    const text = await output(project, ['export', RUN, '--quantize', 'int8', '--output', 'small.onnx']);
    expect(readFileSync(join(project, 'small.onnx')).equals(made.bytes)).toBe(true);
    expect(text).toMatch(/float32 {2}\d+\.\d\d % top-1 on the same images: int8 loses -?\d\.\d\d points/);
    expect(text).toMatch(/ms an image against .* ms, one thread, onnxruntime-node 0; \d\.\d times smaller/);
  });

  it.each([
    [['--quantize', 'int4'], '--quantize is "int4"; int8 is known.'],
    [['--quantize', 'int8', '--keep-norms'], '--keep-norms was given with --quantize int8'],
    [['--quantize', 'int8', '--format', 'safetensors'], '--quantize was given with --format safetensors'],
  ])('%j ends with 2 and says why', async (words, problem) => {
    const { code, text } = await listen(['export', RUN, ...words], project, {});
    expect(text).toContain(problem);
    expect(code).toBe(2);
  });
});
