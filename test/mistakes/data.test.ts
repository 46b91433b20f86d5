import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encodeIdx, IDX_FILES } from 'dna-nas/plugins/data-idx';
import { mistakes } from './check.js';
import { config, type Files } from './project.js';

const SIDE = 16;
const CLASSES = 4;

function images(count: number, side = SIDE): Uint8Array {
  return encodeIdx({ dimensions: [count, side, side], bytes: new Uint8Array(count * side * side).fill(7) });
}

function labels(count: number, greatest = CLASSES): Uint8Array {
  return encodeIdx({
    dimensions: [count],
    bytes: Uint8Array.from({ length: count }, (_, i) => i % greatest),
  });
}

const SOUND = {
  [IDX_FILES.trainImages]: images(64),
  [IDX_FILES.trainLabels]: labels(64),
  [IDX_FILES.testImages]: images(16),
  [IDX_FILES.testLabels]: labels(16),
};

/** A project with IDX files in `images`, some of them replaced; null takes one away. */
function idx(changes: Record<string, Uint8Array | string | null> = {}, options: object = {}): Files {
  const data = { use: 'idx', path: 'images', heldOutPerClass: 4, ...options };
  const { data: _, ...rest } = config()['dna.config.json'] as Record<string, unknown>;
  const files = Object.entries({ ...SOUND, ...changes }).filter((entry) => entry[1] !== null);
  return {
    'dna.config.json': { ...rest, data },
    ...Object.fromEntries(files.map(([name, content]) => [`images/${name}`, content!])),
  };
}

const words = ['run', '--until', 'data'];

mistakes(
  [
    { name: 'a data folder that is not there', files: idx({}, { path: 'image' }), words, code: 2 },
    { name: 'a data path that is a file', files: idx({}, { path: 'teacher.safetensors' }), words, code: 2 },
    { name: 'a data file that is not there', files: idx({ [IDX_FILES.testLabels]: null }), words, code: 2 },
    {
      name: 'a truncated data file',
      files: idx({ [IDX_FILES.trainImages]: images(64).subarray(0, 5000) }),
      words,
      code: 1,
    },
    { name: 'an empty data file', files: idx({ [IDX_FILES.trainLabels]: '' }), words, code: 1 },
    {
      name: 'a data file with another magic number',
      files: idx({ [IDX_FILES.trainImages]: '\x89PNG not this' }),
      words,
      code: 1,
    },
    { name: 'more images than labels', files: idx({ [IDX_FILES.trainLabels]: labels(63) }), words, code: 2 },
    {
      name: 'labels where images are wanted',
      files: idx({ [IDX_FILES.trainImages]: labels(64) }),
      words,
      code: 2,
    },
    {
      name: 'test images of another size',
      files: idx({ [IDX_FILES.testImages]: images(16, 8) }),
      words,
      code: 2,
    },
    {
      name: 'test labels that training lacks',
      files: idx({ [IDX_FILES.testLabels]: labels(16, 9) }),
      words,
      code: 2,
    },
    {
      name: 'a gzip file that is cut off',
      files: idx({
        [IDX_FILES.trainImages]: null,
        [`${IDX_FILES.trainImages}.gz`]: gzipSync(images(64)).subarray(0, 40),
      }),
      words,
      code: 1,
    },
    {
      name: 'a gzip file that is none',
      files: idx({ [IDX_FILES.trainImages]: null, [`${IDX_FILES.trainImages}.gz`]: 'plain text' }),
      words,
      code: 1,
    },
    { name: 'too many images held out', files: idx({}, { heldOutPerClass: 16 }), words, code: 2 },
    {
      name: 'a mean for three channels of grey images',
      files: idx({}, { mean: [0.5, 0.5, 0.5] }),
      words,
      code: 2,
    },
    {
      name: 'a cache of the package that was changed',
      files: { ...idx({}, { path: undefined }), ...cache() },
      before: (folder) => rmSync(join(folder, '.cache/dna-nas/fashion-mnist', IDX_FILES.testLabels)),
      words: ['run', '--until', 'data'],
      code: 1,
    },
    {
      name: 'a batch of distillation larger than the data set',
      words: ['run', '--set', 'distill.batch=300'],
      code: 2,
    },
    {
      name: 'a batch of retraining larger than the data set',
      words: ['run', '--set', 'retrain.batch=300'],
      code: 2,
    },
    {
      name: 'a batch of rating larger than the validation split',
      words: ['run', '--set', 'rank.batch=100'],
      code: 2,
    },
  ],
  { inline: true },
);

function cache(): Files {
  const record = Object.fromEntries(Object.keys(SOUND).map((name) => [name, '0'.repeat(64)]));
  const files = Object.entries({ ...SOUND, 'sha256.json': JSON.stringify(record) });
  return Object.fromEntries(
    files.map(([name, content]) => [`.cache/dna-nas/fashion-mnist/${name}`, content]),
  );
}
