import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { tf } from 'dna-nas/nn';
import { answerOf, checkPlugin } from 'dna-nas/testing';

const project = fileURLToPath(new URL('.', import.meta.url));

// What every loss must hold: `dna plugin test ./index.ts` prints the same.
for (const { check, ok, problem, fix } of await checkPlugin('./index.ts', { project })) {
  test(check, () => assert.ok(ok, `${problem}\n${fix}`));
}

// What this one must hold.
test('is the mean of the squares by default', async () => {
  const { compute } = await answerOf('./index.ts', 'resolveLoss', { project });
  const student = tf.tensor([1, 2, 3, 4], [1, 1, 2, 2]);
  const teacher = tf.tensor([1, 1, 1, 1], [1, 1, 2, 2]);
  assert.equal(compute(student, teacher).dataSync()[0], (0 + 1 + 4 + 9) / 4);
});
