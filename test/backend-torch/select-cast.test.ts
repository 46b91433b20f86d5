import { tf } from 'dna-nas/nn';
import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { expectSameGradients, expectSameOp } from './op-same-as-cpu.js';
import { expectSameAsCpu, normal, onTorch, plain } from './same-as-cpu.js';

describeTorch('select and cast', () => {
  it('select broadcasts, and passes gradients to either side', async () => {
    const condition = plain([2, 1, 3], [0, 1, 1, 1, 0, 0], 'bool');
    const inputs = { condition, yes: normal('yes', [2, 4, 3]), no: normal('no', [3]) };
    await expectSameOp(inputs, ({ condition, yes, no }) => tf.where(condition!, yes!, no!));
    await expectSameGradients(inputs, ({ condition, yes, no }) => tf.where(condition!, yes!, no!));
  });

  it.each(['float32', 'int32', 'bool'] as const)('select of many %s elements', async (dtype) => {
    const shape = [3, 257, 131];
    const bits = (values: readonly number[]) => values.map((value) => Number(value > 0));
    const draw = (name: string) => {
      const { values } = normal(name, shape);
      if (dtype === 'float32') return plain(shape, values);
      return plain(shape, dtype === 'bool' ? bits(values) : values.map((v) => Math.trunc(1e4 * v)), dtype);
    };
    const condition = plain(shape, bits(normal('condition', shape).values), 'bool');
    await expectSameAsCpu('Select', { condition, t: draw('yes'), e: draw('no') }, {}, 0);
  });

  it('select says which shapes do not fit', async () => {
    const inputs = { condition: plain([2], [0, 1], 'bool'), t: normal('t', [3]), e: normal('e', [3]) };
    await expect(onTorch('Select', inputs, {})).rejects.toThrow(
      'Select: expected a condition and two tensors of one shape, found [2] and [3] and [3].',
    );
  });

  it.each(['float32', 'int32', 'bool'] as const)('cast to %s', async (dtype) => {
    const x = plain([12], [0.9, -0.9, 1.5, -2.7, 0, -0, Number.NaN, 3e9, -3e9, 2 ** 40, 1e30, 7]);
    await expectSameAsCpu('Cast', { x }, { dtype });
    await expectSameAsCpu('Cast', { x: plain([3], [0, -5, 2 ** 31 - 1], 'int32') }, { dtype });
    await expectSameAsCpu('Cast', { x: plain([2], [0, 1], 'bool') }, { dtype });
    await expectSameAsCpu('Cast', { x: plain([0, 2], []) }, { dtype });
  });

  it('a cast to complex numbers says what is offered', async () => {
    const wrong = onTorch('Cast', { x: normal('x', [2]) }, { dtype: 'complex64' });
    await expect(wrong).rejects.toMatchObject({ code: 'DTYPE_NOT_OFFERED' });
  });
});
