import { notPlain } from './errors.js';

/**
 * JSON text of a plain value. Unlike `JSON.stringify` it loses nothing silently.
 * @param path names the file in errors.
 * @param forbidden texts that no string may hold: absolute folders of this machine.
 * @throws DnaError `STORE_VALUE_INVALID` naming the place of a value that JSON cannot hold or a string that is forbidden.
 */
export function plainJson(value: unknown, path: string, options: { forbidden?: readonly string[]; indent?: number } = {}) {
  const { forbidden = [], indent } = options;
  requirePlain(value, (where, found) => notPlain(path, where, found), forbidden);
  return JSON.stringify(value, undefined, indent);
}

type Refusal = (where: string, found: string) => Error;

function requirePlain(value: unknown, refusal: Refusal, forbidden: readonly string[], where = ''): void {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refusal(where, String(value));
  } else if (typeof value === 'string') {
    const folder = forbidden.find((text) => value.includes(text));
    if (folder !== undefined) throw refusal(where, `the absolute path ${JSON.stringify(value)}`);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => void requirePlain(item, refusal, forbidden, `${where}[${index}]`));
  } else if (typeof value === 'object' && isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      // An absent option: JSON leaves it out, and reading gives undefined again.
      if (item !== undefined) requirePlain(item, refusal, forbidden, where ? `${where}.${key}` : key);
    }
  } else {
    throw refusal(where, typeof value === 'object' ? `a ${value.constructor.name}` : `of type ${typeof value}`);
  }
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
