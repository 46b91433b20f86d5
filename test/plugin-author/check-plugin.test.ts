import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInPlugins } from 'dna-nas/core/plugin';
import { answerOf, checkPlugin } from 'dna-nas/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ROOT, read } from '../repository/sources.js';

/** Names of the checks that fail. */
async function failures(file: string, project = ROOT, options = {}, threads = false): Promise<string[]> {
  const results = await checkPlugin(file, { project, options, threads });
  expect(results.length).toBeGreaterThan(0);
  for (const { ok, problem, fix } of results) if (!ok) expect(problem && fix).toMatch(/\S/);
  return results.filter(({ ok }) => !ok).map(({ check }) => check);
}

/** A folder with one plugin in it. */
function folderWith(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'dna-author-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'mine.ts'), source);
  return folder;
}

const loss = (compute: string, definition = 'module: import.meta.url,') => `
import { definePlugin } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
let calls = 0;
export default definePlugin({ name: 'loss-mine', description: 'One.', ${definition}
  apply(run: any) { run.hooks.resolveLoss.tap('loss-mine', () => ({ name: 'mine', compute: (s: any, t: any) => { calls++; return ${compute}; } })); },
});`;
const SQUARES = 'tf.tidy(() => tf.mean(tf.square(tf.sub(s, t))))';

describe('what holds its contract passes', () => {
  test.each([
    './examples/custom-loss/loss-huber.ts',
    './examples/custom-search-space/space-plain-convolution.ts',
    './templates/loss/index.ts',
    './templates/space/index.ts',
    './templates/data/index.ts',
    './templates/backend/index.ts',
  ])('%s', async (file) => expect(await failures(file, ROOT, {}, file.includes('custom-loss'))).toEqual([]));

  const OPTIONS: Readonly<Record<string, object>> = {
    'schedule-constant': { rate: 0.1 },
    'schedule-cosine': { rate: 0.1 },
    'schedule-exponential': { rate: 0.1 },
    'schedule-step': { rate: 0.1 },
    'teacher-efficientnet': {
      ...{ architecture: { stages: ['ds_r1_k3_s1_e1_c8'], head: 8 }, weights: 'untrained', classes: 3 },
      image: { height: 8, width: 8, channels: 1 },
    },
    'data-synthetic': { size: 8, train: 32, validation: 8, test: 8, augment: { flip: 0.5, shift: 1 } },
  };
  const small = builtInPlugins().filter((name) =>
    /^(loss|optimiser|schedule|data-syn|teacher-eff|backend-wasm)/.test(name),
  );
  test.each(small)('%s', async (name) => expect(await failures(name, ROOT, OPTIONS[name])).toEqual([]));
});

describe('a loss that breaks its contract fails the check of it', () => {
  test.each([
    ['no scalar', 'tf.square(tf.sub(s, t))', 'puts out a finite scalar'],
    ['no distance', `tf.neg(${SQUARES})`, 'is least where student and teacher agree'],
    ['a value that is read back', `tf.scalar((${SQUARES}).dataSync()[0])`, 'has the gradient of its value'],
    ['state', `tf.mul(${SQUARES}, calls)`, 'gives the same bits twice'],
    ['a leak', `(tf.zeros([1]), ${SQUARES})`, 'leaves no tensor behind and keeps its inputs'],
    ['inputs that are gone', `[${SQUARES}, s.dispose()][0]`, 'leaves no tensor behind and keeps its inputs'],
    ['NaN', `tf.log(tf.neg(${SQUARES}))`, 'puts out a finite scalar'],
  ])('%s', async (_, compute, check) => {
    expect(await failures('./mine.ts', folderWith(loss(compute)))).toContain(check);
  });
});

describe('a teacher that breaks its contract fails the check of it', () => {
  const teacher = (answer: string) => `
import { definePlugin } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
const input = { height: 4, width: 4, channels: 3 };
const description = { name: 'mine', input, stages: [{ name: 'all', output: input, macsBehind: 9 }], params: 1, macs: 9, fingerprint: '12345678' };
const logits = (x: any) => tf.mean(x, [1, 2]);
const teacher = { description, logits, features: (x: any) => [tf.clone(x)], dispose() {}, ${answer} };
export default definePlugin({ name: 'teacher-mine', description: 'One.', module: import.meta.url,
  apply(run: any) { run.hooks.resolveTeacher.tap('teacher-mine', () => ({ describe: async () => description, load: async () => teacher })); },
});`;
  const CHECK = 'goes on from its features, if it says so';

  test.each([
    ['nothing', 'answer: (x: any) => logits(x)', []],
    ['no answer', '', [CHECK]],
    ['an answer of another shape', 'answer: (x: any) => tf.clone(x)', [CHECK]],
  ])('%s', async (_, answer, expected) => {
    expect(await failures('./mine.ts', folderWith(teacher(answer)))).toEqual(expected);
  });
});

describe('a definition that workers cannot follow', () => {
  test('no module', async () => {
    const found = await failures('./mine.ts', folderWith(loss(SQUARES, '')));
    expect(found).toEqual(['has a reference that leads back to it, as plain data']);
  });

  test('another export than the one it names', async () => {
    const source = loss(SQUARES, "module: import.meta.url, export: 'lossMine',");
    expect(await failures('./mine.ts', folderWith(source))).toEqual([
      'has a reference that leads back to it, as plain data',
    ]);
  });

  test('taps in the main thread alone', async () => {
    const source = loss(SQUARES).replace('run.hooks', 'if (run.main) run.hooks');
    expect(await failures('./mine.ts', folderWith(source), {}, true)).toEqual([
      'does the same in a worker thread',
    ]);
  });

  test('taps that come later', async () => {
    const source = loss(SQUARES)
      .replace('run.hooks', 'setTimeout(() => run.hooks')
      .replace('})); },', '}))); },');
    expect(await failures('./mine.ts', folderWith(source))).toContain('taps hooks');
  });

  test('a default that its schema does not allow', async () => {
    const source = loss(
      SQUARES,
      "module: import.meta.url, options: { properties: { x: { description: 'X.', type: 'number', default: 'many' } } },",
    );
    expect(await failures('./mine.ts', folderWith(source))).toContain(
      'has an options schema whose defaults it allows',
    );
  });

  test('a file that does not load', async () => {
    expect(await failures('./mine.ts', folderWith('throw new Error("no luck");'))).toEqual(['loads']);
    expect(await failures('./nowhere.ts', folderWith(''))).toEqual(['loads']);
  });
});

describe('a space whose words differ from its networks', () => {
  test.each([
    [
      'a price that is not counted',
      'return this.#convolution.trace(input);',
      'const t = this.#convolution.trace(input); return { ...t, macs: 2 * t.macs };',
      'counts the multiply-adds and parameters that a running network has',
    ],
    [
      'a cost that depends on more than its parts',
      "run.hooks.resolveSpace.tap('space-template', () => space)",
      "const wrapped = Object.create(space); wrapped.priceHead = () => ({ macs: 1, params: 1 }); run.hooks.resolveSpace.tap('space-template', () => wrapped)",
      'prices what is counted on the assembled network',
    ],
    [
      'what a copy loses',
      "run.hooks.resolveSpace.tap('space-template', () => space)",
      "run.hooks.resolveSpace.tap('space-template', () => Object.create(space))",
      'keeps its members in a copy, so that a plugin can replace one',
    ],
    [
      'values from elsewhere',
      'this.#convolution.forward(x, context)',
      'this.#convolution.forward(tf.mul(1 + Math.random(), x), context)',
      'builds the same network from the same stream twice',
    ],
    ['a leak', 'return tf.tidy(() =>', 'tf.zeros([1]); return tf.tidy(() =>', 'leaves no tensor behind'],
    [
      'a canonical form of another network',
      "name: 'template',",
      "name: 'template', canonical: (a) => a.map(({ cell, path }) => ({ cell, path: path.map(() => 0) })),",
      'gives equal networks one canonical form',
    ],
    [
      'a canonical form that has another',
      "name: 'template',",
      "name: 'template', canonical: (a) => a.map(({ cell, path }) => ({ cell, path: [path.at(-1)!, ...path.slice(0, -1)] })),",
      'gives equal networks one canonical form',
    ],
    [
      'half a layer',
      "name: 'template',",
      "name: 'template', depth: () => 1.5,",
      'counts the layers that compute something',
    ],
    [
      'more layers than there are',
      "name: 'template',",
      "name: 'template', depth: () => 99,",
      'counts the layers that compute something',
    ],
  ])('%s', async (_, before, after, check) => {
    const source = read('templates/space/index.ts');
    expect(source).toContain(before);
    expect(await failures('./mine.ts', folderWith(source.replace(before, after)))).toContain(check);
  });
});

test('an answer is had by itself, with options', async () => {
  const { name } = await answerOf('./examples/custom-loss/loss-huber.ts', 'resolveLoss', {
    project: ROOT,
    options: { delta: 2 },
  });
  expect(name).toBe('loss-huber');
  await expect(answerOf('loss-cosine', 'resolveSpace')).rejects.toMatchObject({ code: 'HOOK_UNANSWERED' });
});
