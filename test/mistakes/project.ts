import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { TINY } from '../run/tiny-run.js';
import { tinyTeacher } from './teacher-weights.js';

export type Files = Readonly<Record<string, string | Uint8Array | object>>;

/** A small complete configuration of built-in plugins that runs in seconds. */
export const WHOLE = { ...TINY, workers: 1, runs: 'runs' };

/** `WHOLE` in a file, with changes: objects are merged, all else is replaced. */
export function config(changes: object = {}): Files {
  return { 'dna.config.json': merge(WHOLE, changes) };
}

function merge(below: unknown, above: unknown): object {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const result: Record<string, unknown> = { ...(below as object) };
  for (const [key, value] of Object.entries(above as object))
    result[key] = isObject(value) && isObject(result[key]) ? merge(result[key], value) : value;
  return result;
}

/** A temporary project folder with a teacher's weights and the given files. */
export async function project(files: Files = config()): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dna-mistakes-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'teacher.safetensors'), await tinyTeacher());
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const plain = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(join(folder, name), plain ? content : JSON.stringify(content));
  }
  return folder;
}
