import { readFileSync } from 'node:fs';
import { splitAccuracy } from 'dna-nas/nn';
import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
import { dataIdx } from 'dna-nas/plugins/data-idx';
import { teacherEfficientnet } from 'dna-nas/plugins/teacher-efficientnet';
import { expect, it } from 'vitest';
import { answer } from './plugin-run.js';

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
  const found = await splitAccuracy(classify, dataset, { split: 'test', batch: 250 });
  // Folding rounds a little: a few images of 10,000 may change sides.
  expect(Math.abs(found - told)).toBeLessThan(0.0005);
  expect(told).toBeGreaterThan(0.92);
  teacher.dispose();
});
