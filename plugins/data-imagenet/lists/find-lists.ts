import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Split } from 'dna-nas/core/contracts';
import { isFolder } from 'dna-nas/files';
import { partsAmong } from '../found-images.js';
import { isListName } from './read-rows.js';

/** A list of images. */
export interface ListFile {
  /** Relative to the data's folder. */
  readonly name: string;
  /** The part that its name or folder tells. */
  readonly part?: Split;
}

/** What a list of all images is called. */
const WHOLE = ['metadata', 'labels'];

/**
 * The lists of a folder: one a part (`train.csv`, `val.csv`), one in each part's folder (`train/metadata.jsonl`), or
 * one of all images (`labels.csv`).
 */
export function findLists(root: string): ListFile[] {
  const byName = listsIn(root);
  const ofParts = partsAmong([...byName.keys()]).map(([part, name]) => ({ part, name: byName.get(name)! }));
  if (ofParts.length > 0) return ofParts;
  const inParts = partsAmong(readdirSync(root).filter((name) => isFolder(join(root, name)))).flatMap(
    ([part, folder]) => wholeList(join(root, folder)).map((name) => ({ part, name: `${folder}/${name}` })),
  );
  return inParts.length > 0 ? inParts : wholeList(root).map((name) => ({ name }));
}

function wholeList(folder: string): string[] {
  const byName = listsIn(folder);
  return WHOLE.flatMap((name) => byName.get(name) ?? []).slice(0, 1);
}

/** File names by what stands before their extension. */
function listsIn(folder: string): Map<string, string> {
  const names = readdirSync(folder).filter(isListName).sort();
  return new Map(names.map((name) => [name.slice(0, -extname(name).length).toLowerCase(), name]));
}
