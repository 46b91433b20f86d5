import { tf } from 'dna-nas/nn';
import { KERNEL_NAMES, KERNEL_PREFIX } from 'dna-nas/nn/kernels';
import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
import { beforeAll, expect, it } from 'vitest';

beforeAll(startWasmBackend);

const SAME = { strides: [1, 1], padding: [1, 1, 1, 1], dilations: [1, 1] };

function run(name: string, inputs: Record<string, tf.Tensor>, attributes: object = {}): tf.Tensor[] {
  const raw = tf.engine().runKernel(KERNEL_PREFIX + name, inputs, attributes as never) as unknown;
  return (Array.isArray(raw) ? raw : [raw]) as tf.Tensor[];
}

const memoryBytes = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;

/** Kernels that join ops to spare memory traffic; one thread's wasm spends its time in arithmetic. */
const COMPOSED = [
  ...['Conv2dBias', 'DepthwiseConv2dBias', 'ChannelGateShift', 'ChannelDot', 'Blend'],
  ...['MbConvTraining', 'MbConvTrainingGrad', 'MbConvFolded', 'SoftmaxCrossEntropy'],
];

it('registers every kernel of the contract, those apart whose composition serves it as well', () => {
  const missing = KERNEL_NAMES.filter((name) => tf.getKernel(KERNEL_PREFIX + name, 'wasm') == null);
  expect(missing.sort()).toEqual(COMPOSED.sort());
});

it('is idempotent: starting again keeps tensors and kernels', async () => {
  const x = tf.tensor1d([1, 2, 3]);
  await startWasmBackend();
  const [y] = run('Activate', { x }, { activation: 'relu' });
  expect([...y!.dataSync()]).toEqual([1, 2, 3]);
  y!.dispose();
  x.dispose();
});

it('reads old tensors rightly after the memory has grown', () => {
  tf.tidy(() => {
    const a = tf.randomNormal([33, 17], 0, 1, 'float32', 3);
    const b = tf.randomNormal([17, 9], 0, 1, 'float32', 4);
    const before = run('MatMul', { a, b })[0]!.dataSync();
    const size = memoryBytes();
    while (memoryBytes() === size) tf.zeros([2 ** 21]);
    expect([...run('MatMul', { a, b })[0]!.dataSync()]).toEqual([...before]);
  });
});

/** One pass over kernels of every kind; the bits of all outputs as text. */
function bits(): string {
  return tf.tidy(() => {
    const x = tf.randomNormal([2, 9, 9, 6], 0, 1, 'float32', 1) as tf.Tensor;
    const filter = tf.randomNormal([3, 3, 6, 1], 0, 1, 'float32', 2) as tf.Tensor;
    const scale = tf.ones([6]);
    const extra = { ...SAME, inputShape: x.shape, filterShape: filter.shape };
    const norm = { epsilon: 1e-3, activation: 'swish' };
    const outputs = [
      ...run('DepthwiseConv2d', { x, filter }, SAME),
      ...run('DepthwiseConv2dGradFilter', { x, dy: x }, extra),
      ...run('BatchNormTraining', { x, scale, offset: scale }, norm),
      ...run('MatMulGradB', { a: tf.reshape(x, [162, 6]), dy: tf.reshape(x, [162, 6]) }),
      ...run('Conv2dGradFilter', { x, dy: x }, { ...SAME, filterShape: [3, 3, 6, 6] }),
    ];
    return outputs.map((output) => Buffer.from(output.dataSync().buffer).toString('hex')).join(' ');
  });
}

it('gives the same bits again, whatever ran between', () => {
  const first = bits();
  tf.tidy(() => run('Activate', { x: tf.randomNormal([1000]) }, { activation: 'swish' }));
  const kept = tf.randomNormal([12345]);
  expect(bits()).toBe(first);
  kept.dispose();
});

it('leaks neither tensors nor memory over 1,000 steps', () => {
  for (let step = 0; step < 20; step++) bits();
  const tensors = tf.memory().numTensors;
  const bytes = memoryBytes();
  for (let step = 0; step < 1000; step++) bits();
  expect(tf.memory().numTensors).toBe(tensors);
  expect(memoryBytes()).toBe(bytes);
});

interface Allocator {
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
}

/** Runs `use` while two blocks of this many floats are taken; never touched, so that the machine commits nothing. */
function withBlocks(floats: number, use: () => void): void {
  const allocator = tf.backend() as unknown as Allocator;
  const blocks = [1, 2].map(() =>
    tf.engine().makeTensorFromTensorInfo(allocator.makeOutput([floats], 'float32')),
  );
  use();
  tf.dispose(blocks);
}

it('works above 2 GB, where offsets are negative as signed integers', () => {
  const expected = bits();
  withBlocks(280_000_000, () => {
    expect(memoryBytes()).toBeGreaterThan(2 ** 31);
    expect(bits()).toBe(expected);
  });
});

/** Asserts what happens where a kernel wants an output of extent × extent floats too many. */
function expectRefusal(extent: number, wanted: string): void {
  const tensors = tf.memory().numTensors;
  tf.tidy(() => {
    const dy = tf.ones([1, 1]);
    const grad = () => run('GlobalMeanGrad', { dy }, { inputShape: [1, extent, extent, 1] });
    expect(grad).toThrow(new RegExp(`${wanted} were wanted`));
    expect([...run('Activate', { x: dy }, { activation: 'relu' })[0]!.dataSync()]).toEqual([1]);
  });
  expect(tf.memory().numTensors).toBe(tensors);
}

it('refuses a block too large for one allocation, says what was wanted, and works on', () => {
  expectRefusal(40_000, '6104 MB');
  expectRefusal(32_720, '4084 MB');
  expectRefusal(23_200, '2053 MB');
});

it('says what was wanted when the memory ends, of plain tfjs ops too, and works on', () => {
  withBlocks(480_000_000, () => {
    expectRefusal(12_000, '549 MB');
    expect(() => tf.zeros([12_000, 12_000])).toThrow(/549 MB were wanted/);
  });
});
