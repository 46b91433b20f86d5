import { withoutFolders } from './plain-json.js';

/** An event as a line of a journal: absolute folders stand as `.`, and numbers that JSON lacks as text. */
export function journalText(entry: object, folders: readonly string[]): string {
  // A loss that became NaN is an event worth keeping.
  const text = JSON.stringify(entry, (_key, item) =>
    typeof item === 'number' && !Number.isFinite(item) ? String(item) : item,
  );
  return withoutFolders(text, folders);
}
