import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageVersion } from 'dna-nas/core';
import { openRunFolder } from 'dna-nas/core/store';
import { onTestFinished } from 'vitest';

/** A module that tells that it was imported, by a global variable. */
export const SPEAKING = 'globalThis.strangeCodeRan = true; export default {};\n';

export const ranStrangeCode = () => 'strangeCodeRan' in globalThis;

/** A temporary project with files, and the path of a run's folder in it. */
export function strangeProject(files: Readonly<Record<string, string>> = {}) {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'dna-hostile-')));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  const project = join(parent, 'project');
  for (const [name, content] of Object.entries(files)) write(join(project, name), content);
  return { parent, project, run: join(project, 'runs', 'strange') };
}

export function write(file: string, content: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

export const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

export const TASK = { id: 'train-a', stage: 'distill', needs: [], work: 1, input: {} } as const;

/** A run whose files are sound, with this configuration. */
export function layOut(run: string, config: unknown, task: object = TASK): void {
  const folder = openRunFolder(run);
  folder.writeJson('config', config);
  folder.writeTask({ ...TASK, ...task });
  folder.release();
}

/** A configuration with one plugin from `module`. */
export function configWith(module: string, plugin: object = {}) {
  const reference = { module, export: 'default', options: {} };
  return {
    version: packageVersion(),
    preset: null,
    name: 'strange',
    seed: 1,
    values: {},
    plugins: [{ name: 'strange', reference, source: 'program', sha256: hashOf(SPEAKING), ...plugin }],
  };
}

/** JSON that carries a right seal whatever it is: the last property's hash is of the text with zeros in its place. */
export function sealed(text: string): string {
  const whole = `${text},"sha256":"${'0'.repeat(64)}"}`;
  return whole.replace('0'.repeat(64), hashOf(whole));
}

/** A line of a journal that proves whole. */
export function journalLine(text: string): string {
  const head = `${text},"chain":["${'0'.repeat(16)}","`;
  return `${head}${hashOf(head).slice(0, 16)}"]}\n`;
}
