import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { expectSameGradients, expectSameOp } from './op-same-as-cpu.js';
import { expectSameAsCpu, normal, onTorch, type PlainTensor, plain } from './same-as-cpu.js';

type Map = (x: tf.Tensor) => tf.Tensor;

/** Where a function is defined and smooth enough, from a normal value. */
const DOMAINS = {
  all: (value: number) => 3 * value,
  positive: (value: number) => Math.abs(value) + 0.1,
  aboveOne: (value: number) => Math.abs(value) + 1.1,
  inside: (value: number) => Math.tanh(value) * 0.9,
} as const;

const MAPS: Readonly<Record<string, readonly [Map, keyof typeof DOMAINS]>> = {
  abs: [tf.abs, 'all'],
  acos: [tf.acos, 'inside'],
  acosh: [tf.acosh, 'aboveOne'],
  asin: [tf.asin, 'inside'],
  asinh: [tf.asinh, 'all'],
  atan: [tf.atan, 'all'],
  atanh: [tf.atanh, 'inside'],
  ceil: [tf.ceil, 'all'],
  clip: [(x) => tf.clipByValue(x, -1.5, 0.5), 'all'],
  cos: [tf.cos, 'all'],
  cosh: [tf.cosh, 'all'],
  elu: [tf.elu, 'all'],
  erf: [tf.erf, 'all'],
  exp: [tf.exp, 'all'],
  expm1: [tf.expm1, 'all'],
  floor: [tf.floor, 'all'],
  leakyRelu: [(x) => tf.leakyRelu(x, 0.3), 'all'],
  log: [tf.log, 'positive'],
  log1p: [tf.log1p, 'positive'],
  neg: [tf.neg, 'all'],
  reciprocal: [tf.reciprocal, 'positive'],
  relu: [tf.relu, 'all'],
  relu6: [tf.relu6, 'all'],
  round: [tf.round, 'all'],
  rsqrt: [tf.rsqrt, 'positive'],
  selu: [tf.selu, 'all'],
  sigmoid: [tf.sigmoid, 'all'],
  sign: [tf.sign, 'all'],
  sin: [tf.sin, 'all'],
  sinh: [tf.sinh, 'all'],
  softplus: [tf.softplus, 'all'],
  sqrt: [tf.sqrt, 'positive'],
  square: [tf.square, 'all'],
  step: [(x) => tf.step(x, 0.25), 'all'],
  tan: [tf.tan, 'inside'],
  tanh: [tf.tanh, 'all'],
};

const SHAPES = [[], [1], [7], [0], [3, 0, 2], [3, 5], [2, 1, 4], [2, 3, 4, 5]] as const;

function drawn(name: string, shape: readonly number[], domain: keyof typeof DOMAINS): PlainTensor {
  const { values } = normal(name, shape);
  return plain(
    shape,
    values.map((value) => Math.fround(DOMAINS[domain](value))),
  );
}

/** What arithmetic tends to get wrong; no two of them lie within rounding of a jump. */
const SPECIAL = plain(
  [15],
  [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    -0,
    0.5,
    1.5,
    2.5,
    -0.5,
    -1.5,
    -2.5,
    1,
    -1,
    7,
    50,
  ].map(Math.fround),
);

describeTorch('maps of one tensor', () => {
  it.each(Object.entries(MAPS))('%s', async (name, [map, domain]) => {
    for (const shape of SHAPES) {
      const x = drawn(`${name} ${shape}`, shape, domain);
      await expectSameOp({ x }, ({ x }) => map(x!));
      await expectSameGradients({ x }, ({ x }) => map(x!));
    }
  });

  it.each(Object.entries(MAPS))(
    '%s of NaN, infinities, halves and zeros of either sign',
    async (_, [map]) => {
      await expectSameOp({ x: SPECIAL }, ({ x }) => map(x!));
    },
  );

  it.each(['isNaN', 'isInf', 'isFinite'] as const)('%s', async (name) => {
    await expectSameOp({ x: SPECIAL }, ({ x }) => tf[name](x!));
  });

  it.each(['Abs', 'Neg', 'Relu', 'Relu6', 'Sign', 'Square', 'Ceil', 'Floor', 'Round'])(
    '%s of integers stays int32',
    async (kernel) => {
      await expectSameAsCpu(kernel, { x: plain([2, 3], [0, 1, -1, 7, -8, 30000], 'int32') });
    },
  );

  it('bounds of clipped integers lose their fraction, as the values do', async () => {
    const x = plain([7], [-5, -1, 0, 1, 2, 3, 7], 'int32');
    for (const [clipValueMin, clipValueMax] of [
      [0.5, 2.5],
      [-2.5, -0.5],
      [Number.NEGATIVE_INFINITY, 3],
    ]) {
      await expectSameAsCpu('ClipByValue', { x }, { clipValueMin, clipValueMax });
    }
  });

  it('bools count as 0 and 1', async () => {
    const x = plain([2], [0, 1], 'bool');
    expect(await onTorch('Neg', { x }, {})).toEqual([{ shape: [2], dtype: 'int32', values: [0, -1] }]);
    const [sum] = await onTorch('Add', { a: x, b: x }, {});
    expect(sum).toEqual({ shape: [2], dtype: 'int32', values: [0, 2] });
  });
});

type Pair = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const ARITHMETIC: Readonly<Record<string, Pair>> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
  atan2: tf.atan2,
  mod: tf.mod,
  prelu: tf.prelu,
  pow: (a, b) => tf.pow(tf.abs(a), b),
};

const COMPARISONS = ['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual'] as const;

const PAIRS = [
  [[3], [3]],
  [[], [2, 3]],
  [[2, 3], [1]],
  [
    [2, 1, 4],
    [3, 1],
  ],
  [
    [4, 1],
    [1, 5],
  ],
  [
    [0, 3],
    [1, 3],
  ],
  [
    [2, 3, 4],
    [2, 3, 4],
  ],
  [
    [2, 4, 5, 3],
    [4, 1, 3],
  ],
] as const;

function integers(name: string, shape: readonly number[], most = 9): PlainTensor {
  const stream = randomStream(5).fork(name);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Array.from({ length: size }, () => stream.integer(2 * most + 1) - most);
  return plain(shape, values, 'int32');
}

/** tfjs's gradients of these do not know of broadcasting, and none knows of it to no elements. */
function hasGradient(name: string, first: readonly number[], second: readonly number[]): boolean {
  const sameShape = ['maximum', 'minimum', 'squaredDifference', 'prelu'].includes(name);
  return name !== 'mod' && !first.includes(0) && (!sameShape || String(first) === String(second));
}

describeTorch('two tensors that broadcast', () => {
  it.each(Object.entries(ARITHMETIC))('%s', async (name, op) => {
    for (const [first, second] of PAIRS) {
      const inputs = { a: normal(`${name} a`, first), b: normal(`${name} b`, second) };
      await expectSameOp(inputs, ({ a, b }) => op(a!, b!));
      if (!hasGradient(name, first, second)) continue;
      await expectSameGradients(inputs, ({ a, b }) => op(a!, b!));
    }
  });

  it.each([
    'add',
    'sub',
    'mul',
    'floorDiv',
    'mod',
    'maximum',
    'minimum',
    'squaredDifference',
    'pow',
  ] as const)('%s of integers', async (name) => {
    for (const [first, second] of PAIRS) {
      const inputs = { a: integers(`${name} a`, first), b: integers(`${name} b`, second) };
      await expectSameOp(inputs, ({ a, b }) => (tf[name] as Pair)(a!, b!));
    }
  });

  it('division of integers by 0, and of the least one by -1, do not end the process', async () => {
    const a = plain([4], [7, 0, -(2 ** 31), -7], 'int32');
    const b = plain([4], [0, 0, -1, 2], 'int32');
    await expectSameAsCpu('FloorDiv', { a, b });
    await expectSameAsCpu('Mod', { a, b });
  });

  it('sums of integers wrap', async () => {
    const a = plain([3], [2 ** 31 - 1, -(2 ** 31), 65536], 'int32');
    await expectSameAsCpu('Add', { a, b: plain([1], [1], 'int32') });
    await expectSameAsCpu('Sub', { a, b: plain([1], [1], 'int32') });
    await expectSameAsCpu('Multiply', { a, b: plain([1], [65536], 'int32') });
  });

  it.each(COMPARISONS)('%s', async (name) => {
    const a = plain([15, 1], SPECIAL.values);
    await expectSameOp({ a, b: SPECIAL }, ({ a, b }) => tf[name](a!, b!));
    const inputs = { a: integers('a', [4, 1, 6], 3), b: integers('b', [5, 1], 3) };
    await expectSameOp(inputs, ({ a, b }) => tf[name](a!, b!));
  });

  it.each(['logicalAnd', 'logicalOr', 'logicalXor'] as const)('%s', async (name) => {
    const inputs = { a: plain([2, 1], [0, 1], 'bool'), b: plain([2], [0, 1], 'bool') };
    await expectSameOp(inputs, ({ a, b }) => tf[name](a!, b!));
  });

  it('addN', async () => {
    const inputs = { a: normal('a', [2, 3]), b: normal('b', [2, 3]), c: normal('c', [2, 3]) };
    await expectSameOp(inputs, ({ a, b, c }) => tf.addN([a!, b!, c!]));
    await expectSameGradients(inputs, ({ a, b, c }) => tf.addN([a!, b!, c!]));
  });

  it.each([2, 0.5, -1, 0, 3, 1.75])('the power %d as one number', async (exponent) => {
    const a = plain([3, 4], normal('base', [3, 4]).values.map(Math.abs).map(Math.fround));
    await expectSameOp({ a, b: plain([], [exponent]) }, ({ a, b }) => tf.pow(a!, b!));
    await expectSameOp({ a, b: plain([1], [exponent]) }, ({ a, b }) => tf.pow(a!, b!));
    await expectSameOp({ a: plain([], [2]), b: plain([1, 1], [exponent]) }, ({ a, b }) => tf.pow(a!, b!));
  });

  it.each(['Add', 'Multiply', 'Greater', 'Pow'])(
    '%s names both shapes where they do not broadcast',
    async (kernel) => {
      const wrong = onTorch(kernel, { a: normal('a', [2, 3]), b: normal('b', [4]) }, {});
      await expect(wrong).rejects.toThrow(
        `${kernel}: expected two shapes that broadcast, found [2, 3] and [4].`,
      );
    },
  );
});
