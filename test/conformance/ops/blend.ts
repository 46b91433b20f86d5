import { randomStream } from 'dna-nas/core';
import { blend, ModuleTensor, tf } from 'dna-nas/nn';
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
}
