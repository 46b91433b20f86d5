/** Compiled code takes its arguments by their order: it is compared with the tables that ours passes them by. */
import {
  ACTIVATION_CODES,
  type AttributeTypes,
  KERNEL_NAMES,
  KERNEL_PREFIX,
  KERNELS,
  type KernelName,
} from 'dna-nas/nn/kernels';
import { describe, expect, test } from 'vitest';
import { OPTIMISER_CODES } from '../../dist/plugins/backend-cuda/kernels/optimiser-steps.js';
import { OWN_OPS } from '../../dist/plugins/backend-cuda/kernels/own-ops.js';
import { NAMED_KERNELS } from '../../dist/plugins/backend-torch/kernels/named/index.js';
import { BINARY, opName, REDUCTIONS, UNARY } from '../../dist/plugins/backend-torch/native-ops.js';
import { EXPORTS } from '../../dist/plugins/backend-wasm/kernel-exports.js';
import { pageOf, tensorflowOps, torchOps } from './native-signatures.js';
import { files, read } from './sources.js';

const ENUMERATIONS = [
  ['native/activation.h', ACTIVATION_CODES],
  ['plugins/backend-torch/native/cuda/launchers.h', ACTIVATION_CODES],
  ['plugins/backend-wasm/kernels/activation.ts', ACTIVATION_CODES],
  ['native/optimiser-steps.h', OPTIMISER_CODES],
] as const;

test.each(ENUMERATIONS)('%s has the numbers of ours', (file, codes) => {
  const text = read(file);
  const first = Object.keys(codes)[0]!;
  const [line] = text.match(new RegExp(`^enum class .*\\b${first} = 0.*$`, 'im')) ?? [text];
  const numbers = [...line.matchAll(/(\w+)(?:: i32)? = (\d+)/g)].map(([, word, code]) => [
    word!.toLowerCase(),
    Number(code),
  ]);
  expect(Object.fromEntries(numbers)).toEqual(codes);
});

test('the exports of WebAssembly take the parameters that they are called with, in their order', () => {
  const folder = 'plugins/backend-wasm/kernels';
  const exported = [...read(`${folder}/index.ts`).matchAll(/export \{ ([^}]*) \}/g)].flatMap(([, names]) =>
    names!.split(', '),
  );
  const sources = files(folder, /\.ts$/).map(read).join('\n');
  const parameters = exported.map((name) => {
    const [, list] = sources.match(new RegExp(`^export function ${name}\\(([^)]*)\\)`, 'm'))!;
    return [name, [...list!.matchAll(/(\w+): (?:usize|i32|f32)\b/g)].map(([, parameter]) => parameter!)];
  });
  expect(EXPORTS).toEqual(Object.fromEntries(parameters));
});

describe('the addon of torch', () => {
  const ops = torchOps();

  /** Where C++ has another word for one of ours. */
  const WORDS: Readonly<Record<string, string>> = {
    ...{ input: 'x', gradient: 'dy', factors: 'gate', terms: 'shift', left: 'a', right: 'b' },
    ...{ output: 'y', wanted: 'target', pixels: 'rows', shape: 'inputShape', decays: 'weightDecay' },
    rate: 'learningRate',
  };
  const KINDS: Readonly<Record<keyof AttributeTypes, 'boolean' | 'number' | 'numbers'>> = {
    ...{ rows: 'boolean', residual: 'boolean', nesterov: 'boolean', activation: 'number' },
    ...{ strides: 'numbers', padding: 'numbers', dilations: 'numbers' },
    ...{ inputShape: 'numbers', filterShape: 'numbers', epsilon: 'number', smoothing: 'number' },
    ...{ keep: 'number', shares: 'numbers', count: 'number', learningRate: 'number', weightDecay: 'numbers' },
    ...{ beta1: 'number', beta2: 'number', steps: 'numbers', momentum: 'number', decay: 'number' },
  };
  const STEP = [['inputs: tensors'], ['inPlace: boolean']] as const;
  /** What the op takes instead of single tensors, and behind the attributes. */
  const GROUPED: Partial<Record<KernelName, readonly [readonly string[], readonly string[]]>> = {
    ...{ AdamStep: STEP, SgdStep: STEP, RmspropStep: STEP },
    Blend: [['tensors: tensors'], ['inPlace: boolean']],
    MbConvTraining: [['x: tensor', 'weights: tensors'], []],
    MbConvTrainingGrad: [['dy: tensor', 'x: tensor', 'weights: tensors', 'kept: tensors'], []],
    MbConvFolded: [['x: tensor', 'weights: tensors'], []],
  };

  test('has all of our kernels', () => {
    expect(NAMED_KERNELS.map(({ name }) => name.slice(KERNEL_PREFIX.length)).sort()).toEqual(
      [...KERNEL_NAMES].sort(),
    );
  });

  test.each(KERNEL_NAMES)('takes inputs and attributes of %s in the order of nn/kernels/table.ts', (name) => {
    const { inputs, attributes, outputs } = KERNELS[name];
    const names: readonly string[] = inputs === 'list' ? [] : inputs;
    const [tensors, rest] = GROUPED[name] ?? [names.map((input) => `${input}: tensor`), []];
    const told = attributes.filter((key) => key !== 'count').map((key) => `${key}: ${KINDS[key]}`);
    const { parameters, outputs: returned } = ops.get(opName(name))!;
    const ours = parameters.map((each) => each.replace(/^\w+/, (word) => WORDS[word] ?? word));
    expect(ours).toEqual([...tensors, ...told, ...rest]);
    if (returned !== undefined) expect(returned).toBe(outputs.length);
  });
});

describe('the addon of torch, of tfjs’s own kernels', () => {
  const ops = torchOps();
  const named = new Set<string>(KERNEL_NAMES.map((name) => opName(name)));
  const others = [...ops].filter(([op]) => !named.has(op));
  /** What a group of kernels gives each of its ops. */
  const GROUPS = [
    [UNARY, ['tensor']],
    [BINARY, ['tensor', 'tensor']],
    [REDUCTIONS, ['tensor', 'numbers', 'boolean']],
  ] as const;
  const groups = GROUPS.flatMap(([kernels, kinds]) =>
    kernels.map((kernel) => [opName<string>(kernel), kinds] as const),
  );
  const inGroup = new Map<string, readonly string[]>(groups);
  const page = pageOf('plugins/backend-torch/native-ops.ts', 'NativeOps');

  test('has the ops of the page native-ops.ts', () => {
    expect([...page.keys(), ...inGroup.keys()].sort()).toEqual(others.map(([op]) => op).sort());
  });

  test.each(others)('%s takes what the page has', (op, { parameters }) => {
    const kinds = inGroup.get(op);
    if (kinds) expect(parameters.map((each) => each.replace(/^\w+: /, ''))).toEqual(kinds);
    else expect(parameters).toEqual(page.get(op));
  });
});

describe('ops of ours on TensorFlow', () => {
  const declared = tensorflowOps();
  const camelCase = (word: string) => word.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  /** A list is declared with the attribute that has its length. */
  const nameOf = (word: string) => camelCase(word.replace(/^(\w+): [NM] \* float$/, '$1'));

  test('are those that are called', () => {
    expect([...declared.keys()].sort()).toEqual(Object.keys(OWN_OPS).sort());
  });

  test.each(Object.entries(OWN_OPS))('%s', (name, { inputs, attributes, outputs }) => {
    const op = declared.get(name)!;
    expect(op.inputs.map(nameOf)).toEqual(inputs);
    expect(op.outputs.map(nameOf)).toEqual(outputs === 'list' ? ['results'] : outputs);
    const called = op.attributes.map((word) => word.replace(/:.*/, '')).filter((word) => word !== 'N');
    expect(called.sort()).toEqual([...attributes].sort());
  });
});
