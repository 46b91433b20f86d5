import { type RandomStream, randomStream } from 'dna-nas/core';
import { drawn, isRepeatable, ModuleTensor, record, repeatable, tf } from 'dna-nas/nn';
import { Conv2d } from 'dna-nas/nn/layers';
import { RecordedGradients } from 'dna-nas/nn/optimisers';
import { describe, expect, it } from 'vitest';
import { onCpu } from './tensors.js';

onCpu();

/** Why a computation on x cannot be repeated. */
function obstacleOf(run: (x: tf.Tensor, random: RandomStream) => tf.Tensor): string | undefined {
  const x = tf.tensor1d([1, 2]);
  const { result, program, obstacle } = record({
    inputs: [x],
    random: randomStream('draws'),
    run: (random) => tf.tidy(() => run(x, random!)),
    outputs: (found) => [found],
  });
  expect(program === undefined).toBe(obstacle !== undefined);
  program?.dispose();
  tf.dispose([x, result]);
  return obstacle;
}

describe('record', () => {
  it.each<[string, (x: tf.Tensor, random: RandomStream) => tf.Tensor]>([
    ['it reads the values of a tensor', (x) => tf.mul(x, x.dataSync()[0]!)],
    ['it draws without `drawn`', (x, random) => tf.mul(x, random.fork('mask').uniform())],
    ['it draws without `drawn`', (x, random) => tf.mul(x, random.permutation(3)[0]!)],
    [
      'it draws from a stream of its own',
      (x) =>
        tf.add(
          x,
          drawn([2], randomStream('own'), (stream) => Float32Array.of(stream.uniform(), 0)),
        ),
    ],
  ])('gives up where %s', (why, run) => {
    expect(obstacleOf(run)).toBe(why);
  });

  it('gives up where a variable’s earlier value is used behind its assignment', () => {
    const tensor = counter();
    const why = obstacleOf((x) => {
      const old = tf.clone(tensor.value);
      tensor.assign(tf.add(tensor.value, 1));
      return tf.add(x, old);
    });
    expect(why).toBe('it uses what a variable was before it was assigned');
    tensor.dispose();
  });

  it('assigns variables again at each run', () => {
    const tensor = counter();
    const x = tf.tensor1d([1, 2]);
    const { result, program } = record({
      inputs: [x],
      run: () => {
        tensor.assign(tf.tidy(() => tf.add(tensor.value, x)));
        return tf.tidy(() => tf.mul(tensor.value, 10));
      },
      outputs: (found) => [found],
    });
    const runs = [result, ...program!.run([x], undefined), ...program!.run([x], undefined)];
    expect(runs.map((run) => [...run.dataSync()])).toEqual([
      [10, 20],
      [20, 40],
      [30, 60],
    ]);
    program!.dispose();
    tensor.dispose();
    tf.dispose([x, runs]);
  });

  it('takes one computation after the other, and leaves the backend as it was when one fails', () => {
    const kernels = () => tf.getKernelsForBackend('cpu').map(({ kernelFunc }) => kernelFunc);
    const before = kernels();
    const inner = () => record({ inputs: [], run: () => tf.ones([1]), outputs: (found) => [found] });
    expect(() => record({ inputs: [], run: inner, outputs: () => [] })).toThrow(
      /one computation is recorded/,
    );
    expect(kernels()).toEqual(before);
    const { result, program } = inner();
    program!.dispose();
    result.dispose();
  });
});

describe('a module', () => {
  it('is repeatable if its class says so itself, and all of its children are', () => {
    const options = { inputChannels: 1, outputChannels: 1, kernel: 1 };
    class Counting extends Conv2d {}
    class Careful extends Conv2d {
      static override readonly repeatable = true;
    }
    expect(new Conv2d(options).repeatable).toBe(true);
    expect(new Counting(options).repeatable).toBe(false);
    expect(new Careful(options).repeatable).toBe(true);
  });
});

describe('a function', () => {
  it('is repeatable if it was marked, and what is put in its place is not', () => {
    const loss = { name: 'sum', compute: repeatable((x: tf.Tensor) => tf.sum(x)) };
    const around = { ...loss, compute: (x: tf.Tensor) => loss.compute(tf.mul(x, 2)) };
    expect([loss, { ...loss }, around].map(({ compute }) => isRepeatable(compute))).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('RecordedGradients', () => {
  it('asks for a loss once a key and shape, and for every pass of one that is not repeatable', () => {
    const weight = counter();
    const asked: string[] = [];
    const pass = (passes: RecordedGradients, key: string, length: number) => {
      const x = tf.ones([length]);
      const found = passes.compute({ key, inputs: [x] }, () => {
        asked.push(`${key} ${length}`);
        return {
          parameters: new Map([['w', weight]]),
          compute: ([input]) => tf.tidy(() => tf.sum(tf.mul(tf.sum(input!), tf.square(weight.value)))),
        };
      });
      const gradient = [...found.gradients.get('w')!.dataSync()];
      tf.dispose([x, found.value, [...found.gradients.values()]]);
      return gradient;
    };
    weight.set(Float32Array.of(1, 2));
    const recorded = new RecordedGradients({ repeatable: true, mostPrograms: 2 });
    for (const [key, length] of [
      ['a', 3],
      ['a', 3],
      ['a', 4],
      ['a', 4],
      ['b', 3],
      ['b', 3],
    ] as const) {
      expect(pass(recorded, key, length)).toEqual([2 * length, 4 * length]);
    }
    // There is room for two.
    expect(asked.splice(0)).toEqual(['a 3', 'a 4', 'b 3', 'b 3']);
    recorded.dispose();
    const plain = new RecordedGradients({ repeatable: false });
    for (let index = 0; index < 2; index++) pass(plain, 'a', 3);
    expect(asked).toEqual(['a 3', 'a 3']);
    weight.dispose();
  });
});

function counter(): ModuleTensor {
  const initialiser = () => Float32Array.of(0, 0);
  const tensor = new ModuleTensor('buffer', [2], { initialiser, layout: 'same', decay: false });
  tensor.set(initialiser());
  return tensor;
}
