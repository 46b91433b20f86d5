import { parseStrictJson } from 'dna-nas/files';
import { parseDocument } from './parse-document.js';

/**
 * Reads JSON.
 *
 * @throws SyntaxError with line and column, also where an object has the same key twice.
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(jsonFault(text) ?? (error as Error).message);
  }
  if (keysIn(text) === keysOf(value)) return value;
  // A key stands twice, and one value would be lost. Every JSON text is YAML, whose reader says where.
  const twice = parseDocument(text).errors.find(({ code }) => code === 'DUPLICATE_KEY');
  if (twice) throw twice;
  return value;
}

/** A string, and after it the colon of a key. */
const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** Keys that stand in a JSON text, twice or not. */
function keysIn(text: string): number {
  return [...text.matchAll(STRING)].filter(([, colon]) => colon !== undefined).length;
}

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, item) => sum + keysOf(item), own);
}

/** Where JSON ends to be JSON; Node's own message differs from version to version. */
function jsonFault(text: string): string | undefined {
  try {
    parseStrictJson(text);
  } catch (error) {
    const [, found, position] = /^(.*), at character (\d+)$/.exec((error as Error).message) ?? [];
    if (found === undefined) return undefined;
    const before = text.slice(0, Number(position)).split('\n');
    return `${found} at line ${before.length}, column ${before.at(-1)!.length + 1}`;
  }
  return undefined;
}

/** Reads YAML. @throws Error with line and column. */
export function parseYaml(text: string): unknown {
  const document = parseDocument(text);
  if (document.errors[0]) throw document.errors[0];
  return document.toJS();
}
