import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TINY, tinyProject } from '../run/tiny-run.js';

/** Settings under which a run takes a moment. */
const SHORT = {
  ...TINY,
  distill: { ...(TINY.distill as object), epochs: 0.5 },
  retrain: { ...(TINY.retrain as object), epochs: 0.5, networks: ['found'] },
};

/** A project whose runs take a moment each. */
export async function shortProject(): Promise<string> {
  const project = await tinyProject();
  writeFileSync(join(project, 'dna.config.json'), JSON.stringify(SHORT));
  return project;
}
