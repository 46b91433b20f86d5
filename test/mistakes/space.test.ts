import { mistakes } from './check.js';
import { config } from './project.js';

const block = (stride: number, ...cells: object[]) => ({ stride, cells });
const CELL = { layers: 1, channels: 8 };
const words = ['run', '--until', 'supernet'];
const set = (setting: string) => [...words, '--set', setting];

/** Search spaces, partitions and limits. */
mistakes(
  [
    { name: 'a block of stride 0', files: config({ space: { blocks: [block(0, CELL)] } }), words, code: 2 },
    { name: 'a block without cells', files: config({ space: { blocks: [block(2)] } }), words, code: 2 },
    { name: 'no blocks', files: config({ space: { blocks: [] } }), words, code: 2 },
    {
      name: 'the same cell twice',
      files: config({ space: { blocks: [block(2, CELL, CELL)] } }),
      words,
      code: 2,
    },
    { name: 'an even kernel', words: set('space.kernels=[3, 4]'), code: 2 },
    { name: 'the same kernel twice', words: set('space.kernels=[3, 3]'), code: 2 },
    { name: 'no kernels', words: set('space.kernels=[]'), code: 2 },
    { name: 'more squeezed channels than there are', words: set('space.squeezeExcite=2'), code: 2 },
    { name: 'too few cuts', words: set('partition.cuts=[2]'), code: 2 },
    { name: 'cuts that do not rise', words: set('partition.cuts=[3, 2]'), code: 2 },
    { name: 'cuts beyond the teacher', words: set('partition.cuts=[2, 9]'), code: 2 },
    { name: 'a misspelt cost', words: set('search.limits.parms=6000'), code: 2 },
    { name: 'a cost that nobody prices', words: set('search.limits.milliseconds=3'), code: 2 },
    { name: 'a limit that no network meets', words: set('search.limits.params=10'), code: 2 },
    {
      name: 'limits that no network meets together',
      words: set('search.limits={params: 1200, macs: 20000}'),
      code: 2,
    },
    {
      name: 'several paths for a batch that they do not share out',
      words: ['run', '--set', 'distill.pathsPerStep=3'],
      code: 2,
    },
  ],
  { inline: true },
);
