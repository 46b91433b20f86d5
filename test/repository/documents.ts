import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { files, ROOT } from './sources.js';

const TOP = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'];

/** The documents for readers: at the top, in docs, and beside plugins, benches and examples. */
export function documents(): string[] {
  const folders = ['docs', 'plugins', 'examples', 'bench'].filter((folder) => existsSync(join(ROOT, folder)));
  return [...TOP, ...folders.flatMap((folder) => files(folder, /\.md$/))];
}
