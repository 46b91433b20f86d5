import { mistakes } from './check.js';
import { config } from './project.js';

const plugin = (body: string): Record<string, string | object> => ({ ...config(), 'mine.ts': body });
const taps = (text: string) => plugin(`export default { name: 'mine', apply(run: any) { ${text} } };`);
const words = ['run', '--plugin', './mine.ts', '--until', 'distill'];

/** Plugins of one's own: files, exports, and code that throws. */
mistakes([
  {
    name: 'a plugin file that is not there',
    files: plugin(''),
    words: ['run', '--plugin', './mien.ts'],
    code: 2,
  },
  { name: 'a plugin file without ./', files: plugin(''), words: ['run', '--plugin', 'mine.ts'], code: 2 },
  { name: 'a plugin package that is not there', words: ['run', '--plugin', 'dna-plugin-nowhere'], code: 2 },
  { name: 'a plugin file that does not compile', files: plugin('export default { name: }'), words, code: 2 },
  {
    name: 'a plugin file that throws at its import',
    files: plugin('throw new TypeError("no luck");'),
    words,
    code: 2,
  },
  {
    name: 'a plugin file whose import is not there',
    files: plugin('import "./lost.js"; export default 1;'),
    words,
    code: 2,
  },
  {
    name: 'a plugin file that exports no plugin',
    files: plugin('export const lossMine = 3;'),
    words,
    code: 2,
  },
  { name: 'a plugin file that exports nothing', files: plugin('const lossMine = 3;'), words, code: 2 },
  {
    name: 'a misspelt export',
    files: plugin('export const lossMine = { name: "loss-mine", apply() {} };'),
    words: ['run', '--set', 'distill.loss=./mine.ts#lossMien'],
    code: 2,
  },
  {
    name: 'a plugin with a wrong name',
    files: plugin(
      'import { definePlugin } from "dna-nas"; export default definePlugin({ name: "My Loss", description: "", apply() {} });',
    ),
    words,
    code: 2,
  },
  {
    name: 'a plugin without apply',
    files: plugin(
      'import { definePlugin } from "dna-nas"; export default definePlugin({ name: "loss-mine", description: "" } as any);',
    ),
    words,
    code: 2,
  },
  {
    name: 'a plugin whose options have no description',
    files: plugin(
      'import { definePlugin } from "dna-nas"; export default definePlugin({ name: "loss-mine", description: "", options: { properties: { x: { type: "number" } as any } }, apply() {} });',
    ),
    words,
    code: 2,
  },
  { name: 'a plugin that throws in apply', files: taps('throw new Error("no luck");'), words, code: 1 },
  {
    name: 'a plugin that taps a hook that is not there',
    files: taps("run.hooks.resolveLos.tap('mine', () => 3);"),
    words,
    code: 1,
  },
]);

mistakes(
  [
    {
      name: 'a tap of a resolve hook that throws',
      files: taps("run.hooks.resolveSpace.tap('mine', () => { throw new Error('no luck'); });"),
      words,
      code: 1,
    },
    {
      name: 'a tap of a resolve hook that rejects',
      files: taps("run.hooks.resolveSpace.tapPromise('mine', async () => { throw new Error('no luck'); });"),
      words,
      code: 1,
    },
    {
      name: 'a tap of a resolve hook that throws a text',
      files: taps("run.hooks.resolveSpace.tap('mine', () => { throw 'no luck'; });"),
      words,
      code: 1,
    },
    {
      name: 'a tap of a waterfall that throws',
      files: taps("run.hooks.blocks.tap('mine', () => { throw new Error('no luck'); });"),
      words,
      code: 1,
    },
    {
      name: 'a tap of a past-tense hook that throws',
      files: taps("run.hooks.stageFinished.tap('mine', () => { throw new Error('no luck'); });"),
      words,
      code: 1,
    },
  ].map((row) => ({
    ...row,
    files: {
      ...row.files,
      'dna.config.json': { ...(row.files['dna.config.json'] as object), plugins: ['./mine.ts'] },
    },
  })),
  { inline: true },
);

mistakes([
  {
    name: 'a tap that throws in a worker',
    files: taps("run.hooks.resolveStep.tap('mine', () => { throw new Error('no luck'); });"),
    words,
    code: 1,
  },
  {
    name: 'a step that throws in a worker',
    files: taps("run.hooks.step.tap('mine', (step: any) => () => { throw new Error('no luck'); });"),
    words,
    code: 1,
  },
  {
    name: 'a worker that ends',
    files: taps('if (!run.main) process.exit(3);'),
    words,
    code: 1,
  },
]);

mistakes(
  [
    {
      name: 'a hook that nobody answers',
      files: {
        ...config({ distill: './mine.ts' }),
        'mine.ts': `export default { name: 'mine', apply(run: any) {
          run.hooks.resolveDistill.tapPromise('mine', () => run.resolve('resolveLoss', 'distill.loss'));
        } };`,
      },
      words: ['run'],
      code: 2,
    },
  ],
  { inline: true },
);
