import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mistakes } from './check.js';
import { config } from './project.js';
import { type TeacherChanges, teacherWeights, tinyTeacher } from './teacher-weights.js';

const TEACHER = 'teacher.safetensors';
const words = ['run', '--until', 'distill'];

const replace = (content: Uint8Array | string) => (folder: string) =>
  writeFileSync(join(folder, TEACHER), content);
const changed = (changes: TeacherChanges) => async (folder: string) =>
  replace(await teacherWeights(changes))(folder);

mistakes(
  [
    {
      name: 'weights that are not there',
      words: ['run', '--set', 'teacher.weights=techer.safetensors'],
      code: 2,
    },
    {
      name: 'shipped weights misspelt',
      words: ['run', '--set', 'teacher.weights=fashion-mnist-techer'],
      code: 2,
    },
    {
      name: 'weights by an absolute path',
      words: ['run', '--set', 'teacher.weights=/data/teacher.safetensors'],
      code: 2,
    },
    { name: 'no weights', files: config({ teacher: { weights: undefined } }), words, code: 2 },
    { name: 'weights that are a folder', words: ['run', '--set', 'teacher.weights=.'], code: 2 },
    { name: 'an empty weights file', before: replace(''), words, code: 1 },
    {
      name: 'a weights file that is not safetensors',
      before: replace('PK\x03\x04 this is a PyTorch archive, not what was asked for'),
      words,
      code: 1,
    },
    {
      name: 'a truncated weights file',
      before: async (folder) => replace((await tinyTeacher()).slice(0, 4000))(folder),
      words,
      code: 1,
    },
    {
      name: 'weights that go away after the configuration',
      before: (folder) => rmSync(join(folder, TEACHER)),
      words,
      code: 2,
    },
    {
      name: 'tensors that are missing',
      before: changed({
        tensors(tensors) {
          for (const name of [...tensors.keys()].slice(3, 15)) tensors.delete(name);
        },
      }),
      words,
      code: 1,
    },
    {
      name: 'tensors that nobody asked for',
      before: changed({
        tensors(tensors) {
          for (let extra = 0; extra < 9; extra++)
            tensors.set(`aux.${extra}.weight`, { shape: [1], data: new Float32Array(1) });
        },
      }),
      words,
      code: 1,
    },
    {
      name: 'a tensor of another shape',
      before: changed({
        tensors: (tensors) =>
          void tensors.set('classifier.bias', { shape: [10], data: new Float32Array(10) }),
      }),
      words,
      code: 1,
    },
    {
      name: 'weights of another number of classes',
      words: [...words, '--set', 'teacher.classes=10'],
      code: 1,
    },
    {
      name: 'weights of another network',
      words: [...words, '--set', 'teacher.architecture=efficientnet_b0'],
      code: 1,
    },
    { name: 'weights that do not say what they are', before: changed({ note: false }), words, code: 2 },
    {
      name: 'a network that has no published name',
      words: [...words, '--set', 'teacher.architecture=efficientnet_b9'],
      code: 2,
    },
    {
      name: 'a network in a notation that is wrong',
      words: [...words, '--set', 'teacher.architecture={stages: [ds_r1_k3_s1_e1_c8, ir_r1_k3_q2]}'],
      code: 2,
    },
    {
      name: 'a teacher for grey images, and images in colour',
      files: config({ data: { channels: 3 } }),
      words,
      code: 2,
    },
    {
      name: 'a weights file that says it is for colour images, and is not',
      before: changed({ image: { height: 16, width: 16, channels: 3 } }),
      words: [...words, '--set', 'data.channels=3'],
      code: 1,
    },
    {
      name: 'a teacher with fewer stages than the space has blocks',
      before: changed({ stages: ['ds_r1_k3_s1_e1_c8'] }),
      words,
      code: 2,
    },
  ],
  { inline: true },
);
