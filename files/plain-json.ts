import { notPlain } from './errors.js';
import { isPlainObject } from './plain.js';

export interface PlainJsonOptions {
  /** Absolute folders of this machine that no string may name. */
  readonly folders?: readonly string[];
  readonly indent?: number;
}

/**
 * JSON text of a plain value; unlike with `JSON.stringify`, nothing becomes null or vanishes silently.
 * @param path names the file in errors.
 * @throws DnaError `STORE_VALUE_INVALID` naming the place of a value that JSON cannot hold or of an absolute path.
 */
export function plainJson(value: unknown, path: string, options: PlainJsonOptions = {}): string {
  const { folders = [], indent } = options;
  const patterns = folders.map((folder) => folderPattern(folder));
  requirePlain(value, (where, found) => notPlain(path, where, found), patterns);
  return JSON.stringify(value, undefined, indent);
}

/** JSON text in which every absolute folder stands as `.`. */
export function withoutFolders(json: string, folders: readonly string[]): string {
  const longestFirst = [...folders].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((text, folder) => {
    const asJson = JSON.stringify(folder).slice(1, -1);
    return text.replaceAll(folderPattern(asJson), '.');
  }, json);
}

/** The folder as a path of its own: not as a part of a longer name. */
function folderPattern(folder: string): RegExp {
  const literal = folder.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w./-])${literal}(?![\\w-])`, 'g');
}

type Refusal = (where: string, found: string) => Error;

function requirePlain(value: unknown, refusal: Refusal, folders: readonly RegExp[], where = ''): void {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refusal(where, String(value));
  } else if (typeof value === 'string') {
    if (folders.some((folder) => value.search(folder) >= 0))
      throw refusal(where, `the absolute path ${JSON.stringify(value)}`);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => void requirePlain(item, refusal, folders, `${where}[${index}]`));
  } else if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      // An absent option: JSON leaves it out, and reading gives undefined again.
      if (item !== undefined) requirePlain(item, refusal, folders, where ? `${where}.${key}` : key);
    }
  } else {
    throw refusal(
      where,
      typeof value === 'object' ? `a ${value.constructor.name}` : `of type ${typeof value}`,
    );
  }
}
