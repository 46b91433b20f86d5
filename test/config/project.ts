import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url));

/** A temporary project folder with the fixture plugins in `stages.ts` and the given files. */
export function project(files: Readonly<Record<string, string | object>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'dna-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(FIXTURES, folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const use = (name: string) => `./stages.ts#${name}`;

/** A complete configuration of fixture plugins. */
export const COMPLETE = {
  backend: use('backend'),
  data: use('data'),
  teacher: use('teacher'),
  partition: use('partition'),
  space: use('space'),
  supernet: use('supernet'),
  distill: {
    use: use('distill'),
    size: 3,
    loss: use('loss'),
    optimiser: use('optimiser'),
    learningRate: use('schedule'),
  },
  rank: use('rank'),
  search: use('search'),
  retrain: { use: use('retrain'), optimiser: use('optimiser'), learningRate: use('schedule') },
  reports: [],
};
