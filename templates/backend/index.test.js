import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { tf } from 'dna-nas/nn';
import { answerOf, checkPlugin } from 'dna-nas/testing';

const project = fileURLToPath(new URL('.', import.meta.url));

// What every backend must hold: `dna plugin test ./index.ts` prints the same.
for (const { check, ok, problem, fix } of await checkPlugin('./index.ts', { project })) {
  test(check, () => assert.ok(ok, `${problem}\n${fix}`));
}

// What this one must hold.
test('squares by its own kernel', async () => {
  const backend = await answerOf('./index.ts', 'resolveBackend', { project });
  await backend.start({ workers: 1 });
  assert.deepEqual([...tf.square(tf.tensor1d([1, 2, -3])).dataSync()], [1, 4, 9]);
});
