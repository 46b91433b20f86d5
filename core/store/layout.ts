import { invalidName } from './errors.js';

const NAME = /^[a-z0-9][a-z0-9._-]{0,119}$/i;
const RESERVED = new Set([
  'journal',
  'manifest',
  'lock',
  'tasks',
  'results',
  'checkpoints',
  'claims',
  'metrics',
]);

/** The folders of a run. */
export const FOLDERS = ['lock', 'tasks', 'claims', 'results', 'checkpoints', 'metrics'] as const;

/** Where everything of a run stands below its folder; names are checked, so that none leads out of it. */
export const layout = Object.freeze({
  config: 'config.json',
  journal: 'journal.jsonl',
  manifest: 'manifest.json',
  lock: 'lock',
  tasks: 'tasks',
  task: (id: string) => `tasks/${taskName(id)}.json`,
  claims: (id: string) => `claims/${taskName(id)}`,
  claimJournal: (id: string, number: number) => `claims/${taskName(id)}/${number}.jsonl`,
  result: (id: string) => `results/${taskName(id)}.safetensors`,
  metrics: (id: string) => `metrics/${taskName(id)}.jsonl`,
  checkpoints: (id: string) => `checkpoints/${taskName(id)}`,
  output: (name: string) => outputName(name),
});

/** Whether an id can name files. */
export function isTaskName(id: string): boolean {
  return NAME.test(id);
}

function taskName(id: string): string {
  if (!isTaskName(id)) throw invalidName('task id', id);
  return id;
}

function outputName(name: string): string {
  const stem = name.replace(/\..*$/, '').toLowerCase();
  if (!NAME.test(name) || RESERVED.has(stem)) throw invalidName('output name', name);
  return name;
}
