import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { nodeFiles, partial, writeAtomically } from 'dna-nas/files';
import { folderBytes } from './folder-bytes.js';
import type { InstalledBackend } from './installed-backend.js';
import { requirePip, requireSpace } from './machine.js';
import { replaceFolder } from './replace-folder.js';
import { unpackWheel, wheelFiles } from './wheels.js';

/** A library that comes as Python wheels. */
export interface LibraryFetch {
  readonly backend: InstalledBackend;
  /** The backend's folder. */
  readonly home: string;
  /** The library's name as a Python project, and its version. */
  readonly project: string;
  readonly version: string;
  /** Whether CUDA's libraries are wanted too. */
  readonly cuda: boolean;
  /** Whether what is there serves: unpacked with CUDA's libraries or without them. */
  readonly serves: (found: { readonly cuda: boolean }) => boolean;
  /** Bytes that download and unpacked files take together at most. */
  readonly bytes: number;
  /** Downloads the wheels into a folder. */
  readonly download: (folder: string) => Promise<void>;
  /** What is unpacked of a wheel, by its file's name. */
  readonly wanted: (wheel: string) => RegExp;
  readonly told: (text: string) => void;
}

const MARKER = 'wheels.json';

/**
 * Downloads and unpacks a library, unless it is there; a download that broke off goes on with the wheels that are whole.
 * @returns folder of its libraries as pip lays them out, from which it finds CUDA's by itself.
 */
export async function fetchLibrary(fetch: LibraryFetch): Promise<string> {
  const { backend, home, version, bytes, told } = fetch;
  const site = join(home, 'site');
  if (isComplete(site, fetch)) {
    told(`${backend.library} ${version} is there already`);
    return site;
  }
  await requirePip(backend);
  requireSpace(backend, home, bytes);
  const folder = join(home, 'downloads');
  const begun = performance.now();
  await fetch.download(folder);
  told(`${megabytes(folder)} in ${seconds(begun)}`);
  await unpack(site, folder, fetch);
  rmSync(folder, { recursive: true, force: true });
  return site;
}

function isComplete(site: string, { project, version, serves }: LibraryFetch): boolean {
  try {
    const found = JSON.parse(readFileSync(join(site, MARKER), 'utf8')) as Record<string, unknown>;
    return found[project] === version && serves({ cuda: found.cuda as boolean });
  } catch {
    return false;
  }
}

async function unpack(site: string, folder: string, fetch: LibraryFetch): Promise<void> {
  const { project, version, cuda, wanted, told } = fetch;
  const begun = performance.now();
  const target = partial(site);
  const wheels = wheelFiles(folder);
  for (const wheel of wheels) await unpackWheel(wheel, target, wanted(basename(wheel)));
  const marker = { [project]: version, cuda, wheels: wheels.map((wheel) => basename(wheel)) };
  writeAtomically(nodeFiles, join(target, MARKER), Buffer.from(`${JSON.stringify(marker, null, 2)}\n`));
  replaceFolder(site, target);
  told(`unpacked ${megabytes(site)} in ${seconds(begun)}`);
}

function megabytes(folder: string): string {
  return `${(folderBytes(folder) / 1e6).toFixed(0)} MB`;
}

function seconds(begun: number): string {
  return `${((performance.now() - begun) / 1000).toFixed(1)} s`;
}
