import { convolutionOutput, resolveConvolution, resolvePadding } from 'dna-nas/nn/ops';
import { describe, expect, it } from 'vitest';

describe('resolvePadding', () => {
  // TensorFlow's SAME, as its documentation computes it.
  it.each([
    { size: 224, kernel: 3, stride: 2, padding: [0, 1], output: 112 },
    { size: 225, kernel: 3, stride: 2, padding: [1, 1], output: 113 },
    { size: 112, kernel: 5, stride: 2, padding: [1, 2], output: 56 },
    { size: 7, kernel: 5, stride: 2, padding: [2, 2], output: 4 },
    { size: 14, kernel: 7, stride: 2, padding: [2, 3], output: 7 },
    { size: 14, kernel: 7, stride: 1, padding: [3, 3], output: 14 },
    { size: 14, kernel: 2, stride: 1, padding: [0, 1], output: 14 },
    { size: 8, kernel: 1, stride: 2, padding: [0, 0], output: 4 },
    { size: 9, kernel: 1, stride: 3, padding: [0, 0], output: 3 },
  ])('same: $size pixels, kernel $kernel, stride $stride', ({ size, kernel, stride, padding, output }) => {
    const options = { strides: [stride, 1], padding: 'same' } as const;
    expect(resolvePadding([size, 10], [kernel, 1], options)).toEqual([...padding, 0, 0]);
    expect(convolutionOutput([size, 10], [kernel, 1], options)).toEqual([output, 10]);
  });

  it('counts dilation as part of the kernel', () => {
    expect(resolvePadding([10, 10], [3, 3], { dilations: [2, 1] })).toEqual([2, 2, 1, 1]);
    expect(convolutionOutput([10, 10], [3, 3], { dilations: 3, padding: 'valid' })).toEqual([4, 4]);
  });

  it('takes none, a number for all sides, or four', () => {
    expect(resolvePadding([9, 9], [3, 3], { padding: 'valid' })).toEqual([0, 0, 0, 0]);
    expect(resolvePadding([9, 9], [3, 3], { padding: 2 })).toEqual([2, 2, 2, 2]);
    expect(resolvePadding([9, 9], [3, 3], { padding: [0, 1, 2, 3] })).toEqual([0, 1, 2, 3]);
    expect(convolutionOutput([9, 9], [3, 3], { padding: [0, 1, 2, 3], strides: 2 })).toEqual([4, 6]);
  });

  it('is stride 1, same, undilated by default', () => {
    expect(resolveConvolution([5, 6], [3, 3])).toEqual({
      attributes: { strides: [1, 1], padding: [1, 1, 1, 1], dilations: [1, 1] },
      output: [5, 6],
    });
  });
});

describe('malformed options', () => {
  it.each([
    [{ strides: 0 }, /strides must be one or two whole numbers from 1, not 0/],
    [{ strides: [1, 1.5] as const }, /strides .* not 1,1.5/],
    [{ dilations: -1 }, /dilations .* not -1/],
    [{ padding: -1 }, /padding must be .* not -1/],
    [{ padding: 'full' as 'same' }, /padding must be .* not full/],
    [{ padding: [1, 2] as never }, /padding must be .* not 1,2/],
  ])('%j', (options, message) => {
    expect(() => resolveConvolution([9, 9], [3, 3], options)).toThrow(message);
  });

  it('a filter larger than the padded input', () => {
    expect(() => convolutionOutput([4, 9], [5, 5], { padding: 'valid' })).toThrow(
      /covers 5×5 does not fit into an input of 4×9 padded by 0, 0, 0, 0/,
    );
  });
});
