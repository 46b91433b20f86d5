import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const GOLDEN = fileURLToPath(new URL('../golden/', import.meta.url));

/** Files that Python wrote, by scripts/torch-reference.py; names below test/golden. */
export function goldenFiles(folder: string): Map<string, Uint8Array> {
  const names = readdirSync(GOLDEN + folder).filter((name) => !name.endsWith('.json'));
  return new Map(names.sort().map((name) => [name, readFileSync(`${GOLDEN}${folder}/${name}`)]));
}

/** What Python says is in them. */
export function expectedOf<Expected>(folder: string): Expected {
  return JSON.parse(readFileSync(`${GOLDEN}${folder}/expected.json`, 'utf8')) as Expected;
}

export function sha256(data: ArrayBufferView): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return createHash('sha256').update(bytes).digest('hex');
}
