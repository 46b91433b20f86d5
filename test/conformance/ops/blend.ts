import { randomStream } from 'dna-nas/core';
import { ModuleTensor, tf } from 'dna-nas/nn';
import { Linear } from 'dna-nas/nn/layers';
import { blend } from 'dna-nas/nn/ops';
import { MovingAverage } from 'dna-nas/nn/optimisers';
import { it } from 'vitest';
import * as float64 from '../../ops/float64.js';
import { draw, expectClose, toTensor, withoutLeaks } from './check.js';

const SHAPES = [[3, 3, 4, 1], [7], [1], [1, 1, 5, 6]];
const SHARES = [1, 0.25, 0.5, 1e-3];

function variableOf(values: float64.Values): ModuleTensor {
  const options = { initialiser: () => new Float32Array(), layout: 'same', decay: false } as const;
  const variable = new ModuleTensor('buffer', values.shape, options);
  variable.set(Float32Array.from(values.data));
  return variable;
}

/** So many steps that a factor rounded to float32 would be seen: 0.9999 is off by 1.7e-8, 3,000 times. */
const STEPS = 3000;

export function blendCases(): void {
  it.each([0.9, 0.999])('keeps %d of the old values', (keep) =>
    withoutLeaks(() => {
      const random = randomStream('blend');
      const [old, fresh] = ['old', 'fresh'].map((name) =>
        SHAPES.map((shape, index) => draw(random.fork(name, index), shape)),
      ) as [float64.Values[], float64.Values[]];
      const moving = old.map(variableOf);
      tf.tidy(() => {
        const pairs = moving.map((variable, index) => ({
          old: variable.value,
          fresh: toTensor(fresh[index]!),
          share: SHARES[index]!,
          take: (result: tf.Tensor) => variable.assign(tf.keep(result)),
        }));
        blend(pairs, keep);
      });
      moving.forEach((variable, pair) => {
        const wanted = float64.values(
          SHAPES[pair]!,
          (index) => keep * old[pair]!.data[index]! + SHARES[pair]! * fresh[pair]!.data[index]!,
        );
        expectClose(variable.value, wanted);
        variable.dispose();
      });
    }),
  );
  it('does not make a moving average drift', () =>
    withoutLeaks(() => {
      const layer = new Linear({ inputs: 2, outputs: 1 }).initialise(randomStream('drift'));
      layer.weight.set(Float32Array.of(1, -3));
      const average = new MovingAverage(layer, { decay: 0.9999 });
      layer.weight.set(new Float32Array(2));
      for (let step = 0; step < STEPS; step++) average.update();
      average.swap();
      const kept = 0.9999 ** STEPS;
      const { shape } = layer.weight;
      expectClose(
        layer.weight.value,
        float64.values(shape, (index) => kept * [1, -3][index]!),
        1e-5,
      );
      average.dispose();
      layer.dispose();
    }));
}
