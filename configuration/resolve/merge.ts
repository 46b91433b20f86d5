import type { ValueSource } from 'dna-nas/core/config';
import { isPlainObject } from 'dna-nas/files';

/** Options put together from several layers, and which layer each leaf came from. */
export interface Merged {
  readonly values: Readonly<Record<string, unknown>>;
  readonly sources: ReadonlyMap<string, ValueSource>;
}

export const NOTHING: Merged = { values: {}, sources: new Map() };

/** Lays options over others: objects are merged, all else (lists, too) is replaced whole. */
export function mergeOver(
  below: Merged,
  values: Readonly<Record<string, unknown>>,
  source: ValueSource,
): Merged {
  const sources = new Map(below.sources);
  return { values: lay(below.values, values, { source, sources, path: '' }), sources };
}

interface MergeContext {
  readonly source: ValueSource;
  readonly sources: Map<string, ValueSource>;
  readonly path: string;
}

function lay(below: object, above: object, context: MergeContext): Record<string, unknown> {
  const result = new Map<string, unknown>(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    if (value === undefined) continue;
    const path = context.path === '' ? key : `${context.path}.${key}`;
    const under = result.get(key);
    if (isPlainObject(value) && Object.keys(value).length > 0) {
      context.sources.delete(path);
      result.set(key, lay(isPlainObject(under) ? under : {}, value, { ...context, path }));
    } else {
      for (const known of context.sources.keys())
        if (known.startsWith(`${path}.`)) context.sources.delete(known);
      context.sources.set(path, context.source);
      result.set(key, value);
    }
  }
  // Keys may be anything a user wrote, `__proto__` too: entries define, an assignment would not.
  return Object.fromEntries(result);
}

/** Where a value came from: its own source, that of what it stands in, or of something in it. */
export function sourceOf(sources: ReadonlyMap<string, ValueSource>, path: string): ValueSource | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const source = sources.get(path.slice(0, end));
    if (source) return source;
  }
  for (const [known, source] of sources) if (known.startsWith(`${path}.`)) return source;
  return undefined;
}

/** Dotted paths of all leaves; a list is one leaf, and so is an empty object. */
export function leaves(value: unknown, path: string): string[] {
  if (!isPlainObject(value) || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([key, entry]) => leaves(entry, path === '' ? key : `${path}.${key}`));
}
