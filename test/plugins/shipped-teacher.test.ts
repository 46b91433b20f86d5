import { readFileSync } from 'node:fs';
import type { Dataset } from 'dna-nas/core/contracts';
import { splitAccuracy } from 'dna-nas/nn/training';
import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
import { dataIdx } from 'dna-nas/plugins/data-idx';
import { teacherEfficientnet } from 'dna-nas/plugins/teacher-efficientnet';
import { expect, it } from 'vitest';
import { CAMPAIGN } from '../faults/extent.js';
import { answer } from './plugin-run.js';

const IMAGES = 10_000;
/** Of so many images one is classified, and a share of four standard errors of them is as good as what is told. */
const [EVERY, TOLERANCE] = CAMPAIGN ? [1, 0.0005] : [10, 0.034];

/** A data set with some of its test images alone, evenly spread. */
function someTestImages(dataset: Dataset): Dataset {
  const { description } = dataset;
  return {
    description: { ...description, size: { ...description.size, test: IMAGES / EVERY } },
    shared: () => dataset.shared(),
    read: (split, indices, options) =>
      dataset.read(
        split,
        Array.from(indices, (index) => index * EVERY),
        options,
      ),
    close: () => dataset.close(),
  };
}

it('the teacher that comes with the package has the accuracy that its page tells', async () => {
  await startWasmBackend();
  const page = readFileSync(new URL('../../presets/weights/README.md', import.meta.url), 'utf8');
  const told = Number(/Test accuracy (0\.\d{4})/.exec(page)![1]);
  const source = await answer(teacherEfficientnet({ weights: 'fashion-mnist-teacher' }), 'resolveTeacher');
  const data = await answer(dataIdx(), 'resolveData');
  const [teacher, dataset] = [await source.load(), await data.open()];
  const heights = teacher.description.stages.map(({ output }) => output.height);
  expect([heights[0], heights.at(-1)]).toEqual([14, 4]);
  expect(teacher.description.params).toBeLessThan(450_000);
  const classify = teacher.logits.bind(teacher);
  expect(dataset.description.size.test).toBe(IMAGES);
  const found = await splitAccuracy(classify, someTestImages(dataset), { split: 'test', batch: 250 });
  // Folding rounds a little: a few images of 10,000 may change sides.
  expect(Math.abs(found - told)).toBeLessThan(TOLERANCE);
  expect(told).toBeGreaterThan(0.92);
  teacher.dispose();
});
