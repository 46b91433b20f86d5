import { mistakes } from './check.js';
import { WHOLE } from './project.js';

const json = (content: object | string) => ({ 'dna.config.json': content });

/** Presets and configuration files. */
mistakes([
  { name: 'no configuration at all', files: {} },
  { name: 'a misspelt preset', files: {}, words: ['run', '--preset', 'quikstart'] },
  { name: 'an unknown preset', files: {}, words: ['run', '--preset', 'imagenet22k'] },
  { name: 'a preset file that is not there', files: {}, words: ['run', '--preset', './mine.ts'] },
  { name: 'extends of an unknown preset', files: json({ extends: 'quickstrat' }) },
  {
    name: 'extends of a file that is not there',
    files: { ...json({ extends: './bsae.json' }), 'base.json': {} },
  },
  { name: 'extends that is no text', files: json({ extends: 3 }) },
  {
    name: 'a file that extends itself',
    files: json({ extends: './dna.config.json' }),
  },
  {
    name: 'files that extend each other',
    files: { ...json({ extends: './a.yaml' }), 'a.yaml': 'extends: ./b.yaml', 'b.yaml': 'extends: ./a.yaml' },
  },
  {
    name: '--config of a file that is not there',
    files: { 'mine.yaml': 'seed: 1' },
    words: ['run', '--config', 'mine.yml'],
  },
  {
    name: '--config of a folder',
    files: { 'mine.json/x': '' },
    words: ['run', '--config', 'mine.json'],
  },
  {
    name: '--config of another kind of file',
    files: { 'mine.toml': 'seed = 1' },
    words: ['run', '--config', 'mine.toml'],
  },
  {
    name: 'a configuration that does not compile',
    files: { 'dna.config.ts': 'export default { seed: 1,, };' },
  },
  {
    name: 'a configuration that throws',
    files: { 'dna.config.ts': 'throw new Error("no luck");' },
  },
  {
    name: 'a configuration that calls what is not there',
    files: { 'dna.config.mjs': 'export default () => { return nothing.seed; };' },
  },
  {
    name: 'a configuration whose import is not there',
    files: { 'dna.config.ts': 'import { x } from "./lsot.js"; export default { seed: x };' },
  },
  {
    name: 'a configuration that exports nothing',
    files: { 'dna.config.ts': 'const config = { seed: 1 };' },
  },
  {
    name: 'a configuration that exports a number',
    files: { 'dna.config.ts': 'export default 3;' },
  },
  {
    name: 'a configuration that is a promise',
    files: { 'dna.config.ts': 'export default async () => ({ seed: 1 });' },
  },
  { name: 'a configuration that is a list', files: json('[1, 2]') },
  {
    name: 'JSON with a syntax error',
    files: json('{\n  "seed": 1,\n  "rank" 3\n}'),
  },
  {
    name: 'YAML with a syntax error',
    files: { 'dna.config.yaml': 'seed: 1\nrank: [3\nname: x' },
  },
  {
    name: 'YAML with a key twice',
    files: { 'dna.config.yaml': 'seed: 1\nseed: 2' },
  },
  { name: 'an empty file', files: { 'dna.config.yaml': '' } },
  {
    name: 'two configurations',
    files: { ...json(WHOLE), 'dna.config.ts': 'export default { seed: 2 };' },
  },
  {
    name: 'a package.json without the key',
    files: { 'package.json': { name: 'x' } },
    words: ['run', '--config', 'package.json'],
  },
]);
