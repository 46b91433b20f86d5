import { readdirSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { nearest } from './nearest.js';

/** What Node and jiti say of a file they cannot load. */
type LoadError = Error & { code?: string; requireStack?: readonly string[] };

/** Node's codes of file errors, in words. */
const FILE_ERRORS: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'this user may not read it',
};

/** Why something could not be loaded: one line, with files as seen from the project. */
export function reasonOf(cause: unknown, project = process.cwd()): string {
  if (!(cause instanceof Error)) return relative(String(cause), project);
  const { code, requireStack, message } = cause as LoadError;
  if (code === 'MODULE_UNREADABLE' && cause.cause !== undefined) return reasonOf(cause.cause, project);
  const fileError = code === undefined ? undefined : FILE_ERRORS[code];
  if (fileError !== undefined) return fileError;
  const missing = /^Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1];
  if (missing !== undefined && requireStack?.[0] !== undefined) {
    return relative(`${requireStack[0]} imports ${missing}, which is not there`, project);
  }
  const parsing = /^ParseError: (.*?)\s*\n\s*(\S.*:\d+:\d+)/.exec(message);
  const text = parsing ? `${parsing[1]} at ${parsing[2]}` : message.split('\n')[0]!.replace(/[\s:]+$/, '');
  return relative(text, project);
}

function relative(text: string, project: string): string {
  return text.replaceAll(`file://${project}${sep}`, './').replaceAll(project + sep, './');
}

/** The file in the same folder whose name comes nearest, as a path beside `shown`; undefined if none does. */
export function nearestFile(file: string, shown: string): string | undefined {
  let names: string[];
  try {
    names = readdirSync(dirname(file));
  } catch {
    return undefined;
  }
  const close = nearest(basename(file), names);
  if (close === undefined || close === basename(file)) return undefined;
  const path = join(dirname(shown), close);
  return shown.startsWith('./') ? `./${path}` : path;
}
