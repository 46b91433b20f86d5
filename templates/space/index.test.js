import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { answerOf, checkPlugin } from 'dna-nas/testing';

const project = fileURLToPath(new URL('.', import.meta.url));

// What every space must hold: `dna plugin test ./index.ts` prints the same.
for (const { check, ok, problem, fix } of await checkPlugin('./index.ts', { project })) {
  test(check, () => assert.ok(ok, `${problem}\n${fix}`));
}

// What this one must hold.
test('writes its networks for people', async () => {
  const space = await answerOf('./index.ts', 'resolveSpace', { project });
  const architecture = [
    { cell: 0, path: [1] },
    { cell: 1, path: [0, 1] },
    { cell: 0, path: [0] },
  ];
  assert.equal(space.formatArchitecture(architecture), '16: k5 | 24: k3 k5 | 32: k3');
});
