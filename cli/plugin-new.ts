import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageVersion } from 'dna-nas/core';
import { DnaError, nearest, wrongUsage } from 'dna-nas/errors';
import { configFileIn } from './config-files.js';

const TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url));
const SHARED = 'shared';
const ENDING = '.template';
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Kinds of plugins that there is a template for. */
export function templateKinds(): string[] {
  return readdirSync(TEMPLATES)
    .filter((name) => name !== SHARED)
    .sort();
}

/**
 * `dna plugin new`: a folder with a plugin of this kind that works and passes its own tests.
 * @throws DnaError `USAGE` for a kind or name that cannot be, `FOLDER_TAKEN` where there is something already.
 */
export function pluginNewCommand(kind: string, given: string): void {
  requireKind(kind);
  const name = given.startsWith(`${kind}-`) ? given : `${kind}-${given}`;
  if (!NAME.test(name)) {
    throw wrongUsage(
      `A plugin cannot be named ${JSON.stringify(given)}; a name has small letters, digits and hyphens.`,
      `Take a name such as ${kind}-mine.`,
    );
  }
  const folder = resolve(name);
  if (existsSync(folder)) throw folderTaken(name);
  mkdirSync(folder);
  for (const [file, text] of filesOf(kind, name)) writeFileSync(join(folder, file), text);
  process.stdout.write(`${nextSteps(kind, name)}\n`);
}

function requireKind(kind: string): void {
  const kinds = templateKinds();
  if (kinds.includes(kind)) return;
  const close = nearest(kind, kinds);
  throw wrongUsage(
    `There is no template for ${JSON.stringify(kind)}; there are ${kinds.join(', ')}.`,
    close
      ? `Did you mean ${close}?`
      : 'For another kind, start from the plugin of the package that is nearest.',
  );
}

function filesOf(kind: string, name: string): [file: string, text: string][] {
  const own = readdirSync(join(TEMPLATES, kind)).map((file) => join(kind, file));
  const shared = readdirSync(join(TEMPLATES, SHARED)).map((file) => join(SHARED, file));
  return [
    ...own.map((path) => [fileName(path), rename(read(path), kind, name)] as [string, string]),
    ...shared.map((path) => [fileName(path), fillIn(read(path), kind, name)] as [string, string]),
  ];
}

function read(path: string): string {
  return readFileSync(join(TEMPLATES, path), 'utf8');
}

function fileName(path: string): string {
  return basename(path).replace(ENDING, '');
}

/** Code of a template works as it stands, under the name `<kind>-template`. */
function rename(text: string, kind: string, name: string): string {
  return text
    .replaceAll(`${kind}-template`, name)
    .replaceAll("'template'", `'${name.slice(kind.length + 1)}'`);
}

function fillIn(text: string, kind: string, name: string): string {
  return text.replaceAll('NAME', name).replaceAll('KIND', kind).replaceAll('VERSION', packageVersion());
}

function nextSteps(kind: string, name: string): string {
  const file = configFileIn(process.cwd());
  return [
    `Made ./${name}: a ${kind} plugin that works, with its test.`,
    '',
    'Next:',
    `  dna plugin test ./${name}/index.ts`,
    `      what every ${kind} plugin must hold`,
    `  dna run ${file === undefined ? '--preset quickstart ' : ''}--plugin ./${name}/index.ts`,
    `      ${file === undefined ? 'a search with it' : `the search of ${file} with it`}`,
    `  cd ${name} && npm install && npm test`,
    '      its own tests; its README says the rest',
  ].join('\n');
}

function folderTaken(name: string): DnaError {
  return new DnaError(
    'FOLDER_TAKEN',
    `There is a folder or file ${name} already; nothing was written.`,
    'Take another name, or remove it.',
    { exitCode: 2 },
  );
}
