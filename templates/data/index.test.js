import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { answerOf, checkPlugin } from 'dna-nas/testing';

const project = fileURLToPath(new URL('.', import.meta.url));

// What every data set must hold: `dna plugin test ./index.ts` prints the same.
for (const { check, ok, problem, fix } of await checkPlugin('./index.ts', { project })) {
  test(check, () => assert.ok(ok, `${problem}\n${fix}`));
}

// What this one must hold.
test('is bright on the side of its class', async () => {
  const source = await answerOf('./index.ts', 'resolveData', { project, options: { images: 4 } });
  const dataset = await source.open();
  const { images, labels } = await dataset.read('test', [0, 1]);
  const rowOf = (image) => images.subarray(image * 144, image * 144 + 12);
  for (const image of [0, 1]) assert.ok(rowOf(image)[labels[image] === 0 ? 0 : 11] > 0);
  for (const image of [0, 1]) assert.ok(rowOf(image)[labels[image] === 0 ? 11 : 0] < 0);
  await dataset.close();
});
