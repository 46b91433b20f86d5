import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import {
  expectClose,
  expectSameAsCpu,
  normal,
  onCpu,
  onTorch,
  type PlainTensor,
  plain,
} from './same-as-cpu.js';

const SIZES = [
  [
    [5, 7],
    [11, 4],
  ],
  [
    [8, 6],
    [3, 1],
  ],
  [
    [1, 4],
    [5, 4],
  ],
] as const;

const CONVENTIONS = [
  [false, false],
  [true, false],
  [false, true],
] as const;

const RESIZES = SIZES.flatMap(([from, to]) =>
  CONVENTIONS.map(
    ([alignCorners, halfPixelCenters]) =>
      [
        `${from} to ${to}, align ${alignCorners}, half ${halfPixelCenters}`,
        normal('images', [2, ...from, 3]),
        { size: [...to], alignCorners, halfPixelCenters },
      ] as const,
  ),
);

/** d (dy · resize(images)) / d images by unit images: resizing is linear. */
async function resizeGradient(kernel: string, images: PlainTensor, dy: PlainTensor, attributes: object) {
  const slopes: number[] = [];
  for (let unit = 0; unit < images.values.length; unit++) {
    const values = images.values.map((_, index) => (index === unit ? 1 : 0));
    const [y] = await onCpu(kernel, { images: { ...images, values } }, attributes);
    slopes.push(y!.values.reduce((sum, value, index) => sum + value * dy.values[index]!, 0));
  }
  return slopes;
}

const IMAGE = normal('image', [2, 6, 5, 3]);

describeTorch('image ops as tfjs defines them', () => {
  it.each(RESIZES)('ResizeBilinear %s', async (_, images, attributes) => {
    await expectSameAsCpu('ResizeBilinear', { images }, attributes);
    const dy = normal('dy', [2, ...attributes.size, 3]);
    const [gradient] = await onTorch('ResizeBilinearGrad', { images, dy }, attributes);
    expectClose(gradient!.values, await resizeGradient('ResizeBilinear', images, dy, attributes), 2e-6);
  });

  it.each(RESIZES)('ResizeNearestNeighbor %s', async (_, images, attributes) => {
    await expectSameAsCpu('ResizeNearestNeighbor', { images }, attributes);
    const dy = normal('dy', [2, ...attributes.size, 3]);
    const [gradient] = await onTorch('ResizeNearestNeighborGrad', { images, dy }, attributes);
    expectClose(
      gradient!.values,
      await resizeGradient('ResizeNearestNeighbor', images, dy, attributes),
      2e-6,
    );
  });

  it.each(['bilinear', 'nearest'])('CropAndResize %s', async (method) => {
    const boxes = plain([4, 4], [0, 0, 1, 1, 0.1, 0.8, 0.9, 0.2, -0.2, 0.1, 0.7, 1.4, 0.3, 0.3, 0.3, 0.3]);
    const boxInd = plain([4], [1, 0, 1, 0], 'int32');
    for (const cropSize of [
      [4, 7],
      [1, 3],
    ]) {
      const attributes = { cropSize, method, extrapolationValue: 9 };
      await expectSameAsCpu('CropAndResize', { image: IMAGE, boxes, boxInd }, attributes);
    }
  });

  it('a box of an image that is not there is empty', async () => {
    const inputs = { image: IMAGE, boxes: plain([1, 4], [0, 0, 1, 1]), boxInd: plain([1], [2], 'int32') };
    await expectSameAsCpu('CropAndResize', inputs, {
      cropSize: [2, 2],
      method: 'bilinear',
      extrapolationValue: 9,
    });
  });

  it.each(['constant', 'reflect', 'wrap', 'nearest'])('Transform, fill mode %s', async (fillMode) => {
    // One image: tfjs's cpu backend transforms only the first.
    const image = normal('image', [1, 6, 5, 3]);
    const transforms = plain([1, 8], [0.9, 0.4, -2.3, -0.3, 1.2, 3.1, 0.02, -0.01]);
    const far = plain([1, 8], [3, 0, -9.5, 0, 4, -11.25, 0, 0]);
    for (const interpolation of ['nearest', 'bilinear']) {
      const attributes = { interpolation, fillMode, fillValue: 0.5, outputShape: [7, 9] };
      await expectSameAsCpu('Transform', { image, transforms }, attributes, 1e-5);
      await expectSameAsCpu('Transform', { image, transforms: far }, attributes, 1e-5);
    }
  });

  it('transforms every image by its own', async () => {
    const shift = plain([2, 8], [1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 0]);
    const attributes = { interpolation: 'nearest', fillMode: 'constant', fillValue: 0 };
    const [moved] = await onTorch('Transform', { image: IMAGE, transforms: shift }, attributes);
    const pixel = (values: readonly number[], image: number, row: number, column: number) =>
      values[((image * 6 + row) * 5 + column) * 3];
    expect(pixel(moved!.values, 0, 2, 1)).toBeCloseTo(pixel(IMAGE.values, 0, 2, 2)!, 6);
    expect(pixel(moved!.values, 1, 2, 1)).toBeCloseTo(pixel(IMAGE.values, 1, 4, 1)!, 6);
    expect(pixel(moved!.values, 1, 4, 1)).toBe(0);
  });

  it.each([
    [0.7, 0.25, 0.5],
    [-2.1, [1, 2, 3], [0.3, 0.8]],
  ])('RotateWithOffset by %d', async (radians, fillValue, center) => {
    await expectSameAsCpu('RotateWithOffset', { image: IMAGE }, { radians, fillValue, center });
    const opaque = { image: normal('rgba', [1, 5, 4, 4]) };
    await expectSameAsCpu('RotateWithOffset', opaque, { radians, fillValue, center });
  });

  it('FlipLeftRight', async () => {
    await expectSameAsCpu('FlipLeftRight', { image: IMAGE });
    await expectSameAsCpu('FlipLeftRight', { image: plain([1, 1, 3, 1], [1, 2, 3], 'int32') });
  });

  it('NonMaxSuppression', async () => {
    const corners = normal('boxes', [12, 4]);
    const boxes = plain(
      corners.shape,
      corners.values.map((value, index) => (index % 4 < 2 ? value / 4 : 1 + value / 4)),
    );
    const scores = plain(
      [12],
      normal('scores', [12]).values.map((value) => Math.abs(value)),
    );
    const common = { maxOutputSize: 6, iouThreshold: 0.5, scoreThreshold: 0.1 };
    await expectSameAsCpu('NonMaxSuppressionV3', { boxes, scores }, common);
    for (const padToMaxOutputSize of [false, true]) {
      await expectSameAsCpu('NonMaxSuppressionV4', { boxes, scores }, { ...common, padToMaxOutputSize });
    }
    await expectSameAsCpu('NonMaxSuppressionV5', { boxes, scores }, { ...common, softNmsSigma: 0.5 });
  });

  it('says the shapes where they do not fit', async () => {
    const inputs = { image: IMAGE, boxes: normal('boxes', [2, 3]), boxInd: plain([2], [0, 0], 'int32') };
    const attributes = { cropSize: [2, 2], method: 'bilinear', extrapolationValue: 0 };
    await expect(onTorch('CropAndResize', inputs, attributes)).rejects.toThrow(
      /found \[2, 6, 5, 3\] and \[2, 3\]/,
    );
  });
});
