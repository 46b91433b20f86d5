import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { expectClose, expectSameAsCpu, normal, onCpu, onTorch, type PlainTensor } from './same-as-cpu.js';

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

  it('says the shapes where they do not fit', async () => {
    const attributes = { size: [2, 2], alignCorners: false, halfPixelCenters: false };
    await expect(
      onTorch('ResizeBilinear', { images: normal('images', [6, 5, 3]) }, attributes),
    ).rejects.toThrow(/images \[n, h, w, c\], found \[6, 5, 3\]/);
  });
});
