import { randomStream } from 'dna-nas/core';
import { drawn, record, tf } from 'dna-nas/nn';
import { EfficientNet, parseStages } from 'dna-nas/nn/networks';
import { sgd } from 'dna-nas/nn/optimisers';
import { ClassifierTrainer } from 'dna-nas/nn/training';
import { describe, expect, it } from 'vitest';

const STAGES = [['ds_r1_k3_s1_c8_se0.25'], ['ir_r2_k3_s2_e2_c8_se0.25']];
const SPEC = {
  ...{ stem: 8, head: 16, classes: 3, stages: parseStages(STAGES), inputChannels: 2 },
  ...{ dropout: 0.2, dropConnect: 0.3 },
};

/** The same network, of which nothing is known: no class inherits that it is repeatable. */
class UnknownNetwork extends EfficientNet {}

/** Trains a few steps, one of them on a smaller batch; answers losses and every tensor's values. */
function train(network: EfficientNet) {
  const image = { height: 12, width: 10, channels: 2 };
  const optimiser = sgd({ momentum: 0.9, nesterov: true, weightDecay: 1e-4 });
  const trainer = new ClassifierTrainer({
    ...{ network: network.initialise(randomStream('network')), optimiser, image },
    ...{ learningRate: () => 0.05, labelSmoothing: 0.1, random: randomStream('draws') },
    movingAverage: { decay: 0.9 },
  });
  const draw = randomStream('images');
  const tensors: number[] = [];
  const losses = [6, 6, 6, 4, 6, 6].map((count) => {
    const images = Float32Array.from({ length: count * 240 }, () => draw.normal());
    const loss = trainer.train({ images, labels: Int32Array.from({ length: count }, (_, at) => at % 3) });
    tensors.push(tf.memory().numTensors);
    return loss;
  });
  const values = [...trainer.state()].map(([name, { data }]) => [name, data] as const);
  trainer.dispose();
  network.dispose();
  return { losses, values, tensors };
}

/** The suite of recorded passes for the current backend. */
export function recordedPassCases(): void {
  describe('a recorded pass', () => {
    it('trains to the same bits as the engine', () => {
      const before = tf.memory();
      const network = new EfficientNet(SPEC);
      expect(network.repeatable).toBe(true);
      const recorded = train(network);
      const unknown = new UnknownNetwork(SPEC);
      expect(unknown.repeatable).toBe(false);
      const plain = train(unknown);
      expect(recorded.losses).toEqual(plain.losses);
      expect(recorded.values).toEqual(plain.values);
      // After the first step, and the first of another size, nothing is added.
      expect(new Set(recorded.tensors.slice(4)).size).toBe(1);
      const { numTensors, numDataBuffers } = tf.memory();
      expect({ numTensors, numDataBuffers }).toEqual({
        numTensors: before.numTensors,
        numDataBuffers: before.numDataBuffers,
      });
    });

    it('depends on inputs, variables and draws, and on nothing else', () => {
      const before = tf.engine().backend.numDataIds();
      const initial = tf.tensor1d([1, 2]);
      const weight = tf.variable(initial);
      const later = tf.tensor1d([3, 4]);
      const table = tf.tensor1d([10, 20]);
      const [x, other] = [tf.tensor1d([1, 1]), tf.tensor1d([5, 7])];
      const compute = (random: ReturnType<typeof randomStream>) =>
        tf.tidy(() => {
          const noise = drawn([2], random.fork('a', 1), (stream) =>
            Float32Array.of(stream.integer(100), stream.integer(100)),
          );
          return tf.add(tf.add(tf.mul(tf.reshape(x, [2]), weight), table), noise);
        });
      const expected = (inputs: number[], weights: number[], seed: string) => {
        const stream = randomStream(seed).fork('a', 1);
        return inputs.map((value, at) => value * weights[at]! + (at + 1) * 10 + stream.integer(100));
      };
      const { result, program } = record({
        inputs: [x],
        random: randomStream('first'),
        run: (random) => compute(random!),
        outputs: (sum) => [sum, x],
      });
      expect([...result.dataSync()]).toEqual(expected([1, 1], [1, 2], 'first'));
      tf.dispose([result, table]);
      weight.assign(later);
      const [again, input] = program!.run([other], randomStream('second')) as [tf.Tensor, tf.Tensor];
      expect([...again.dataSync()]).toEqual(expected([5, 7], [3, 4], 'second'));
      expect([...input.dataSync()]).toEqual([5, 7]);
      program!.dispose();
      tf.dispose([weight, initial, later, x, other, again, input]);
      expect(tf.engine().backend.numDataIds()).toBe(before);
    });

    it('frees everything where a kernel fails', () => {
      const [a, b] = [tf.ones([2, 3]), tf.ones([3, 2])];
      const { result, program } = record({
        inputs: [a, b],
        run: () => tf.tidy(() => tf.matMul(tf.relu(a), tf.relu(b))),
        outputs: (product) => [product],
      });
      const wrong = tf.ones([4, 2]);
      const failing = () => program!.run([a, wrong], undefined);
      const before = { ids: tf.engine().backend.numDataIds(), tensors: tf.memory().numTensors };
      try {
        tf.dispose(failing());
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
      expect({ ids: tf.engine().backend.numDataIds(), tensors: tf.memory().numTensors }).toEqual(before);
      program!.dispose();
      tf.dispose([a, b, wrong, result]);
    });
  });
}
