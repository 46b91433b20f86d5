import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { partial } from 'dna-nas/files';
import { downloadFailed, unpackFailed } from './errors.js';
import { folderBytes } from './folder-bytes.js';
import type { InstalledBackend } from './installed-backend.js';
import { runTool } from './run-tool.js';

const MOST_GLIBC = 28;
const LEAST_GLIBC = 17;

/** The wheels of Linux on x86-64 that the library's own machines may use, whatever python3 is here. */
function platformWords(): string[] {
  const newer = Array.from({ length: MOST_GLIBC - LEAST_GLIBC + 1 }, (_, index) => MOST_GLIBC - index);
  const platforms = [...newer.map((minor) => `manylinux_2_${minor}_x86_64`), 'manylinux2014_x86_64'];
  const python = ['--implementation', 'cp', '--python-version', '3.12', '--only-binary', ':all:'];
  return [...python, ...platforms.flatMap((platform) => ['--platform', platform])];
}

const TOLD_EVERY = 10_000;

export interface Download {
  readonly backend: InstalledBackend;
  /** For pip: `torch==2.11.0`. */
  readonly requirements: readonly string[];
  /** Where wheels are kept until they are unpacked: a repeated download takes those that are whole. */
  readonly folder: string;
  readonly dependencies: boolean;
  readonly told: (text: string) => void;
}

/**
 * Has pip download wheels, from where its own configuration says, with its own checks.
 * @throws DnaError `BACKEND_DOWNLOAD_FAILED` with what pip said.
 */
export async function downloadWheels(download: Download): Promise<void> {
  const { requirements, folder, dependencies, told } = download;
  const temporary = partial(`${folder}-unfinished`);
  mkdirSync(temporary, { recursive: true });
  mkdirSync(folder, { recursive: true });
  // pip's own cache would keep a second copy, which nothing here could remove again.
  const quiet = ['--progress-bar', 'off', '--no-input', '--no-cache-dir', '--disable-pip-version-check'];
  const words = [
    '-m',
    'pip',
    'download',
    ...quiet,
    ...(dependencies ? [] : ['--no-deps']),
    ...platformWords(),
  ];
  const before = folderBytes(folder);
  const timer = setInterval(() => {
    // At the end pip copies from one to the other.
    const bytes = Math.max(folderBytes(temporary), folderBytes(folder) - before);
    if (bytes > 0) told(`${(bytes / 1e6).toFixed(0)} MB so far`);
  }, TOLD_EVERY);
  try {
    const result = await runTool('python3', [...words, '--dest', folder, ...requirements], {
      env: { TMPDIR: temporary },
    });
    if (result?.status !== 0)
      throw downloadFailed(download.backend, requirements.join(', '), result?.output ?? 'python3 is gone');
  } finally {
    clearInterval(timer);
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Files of wheels in a folder; of one project where it is named. */
export function wheelFiles(folder: string, project = ''): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.whl') && name.startsWith(project));
  return names.sort().map((name) => join(folder, name));
}

/** Arguments: a wheel, a folder, a pattern of names. Keeps what may be executed executable, as pip does. */
const UNPACK = `
import os, re, sys, zipfile
wheel, folder, pattern = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        if re.search(pattern, entry.filename) and not entry.is_dir():
            path = archive.extract(entry, folder)
            os.chmod(path, (entry.external_attr >> 16 or 0o644) & 0o777 | 0o600)
`;

/** Unpacks those files of a wheel whose names match into a folder. */
export async function unpackWheel(wheel: string, folder: string, names: RegExp): Promise<void> {
  await readWheel(wheel, [UNPACK, wheel, folder, names.source]);
}

/** Prints the requirements that a wheel names. */
const REQUIREMENTS = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    name = next(name for name in archive.namelist() if name.endswith('.dist-info/METADATA'))
    print(archive.read(name).decode())
`;

/** What a wheel says that it requires: `nvidia-cudnn-cu13==9.19.0.56; platform_system == "Linux"`. */
export async function readRequirements(wheel: string): Promise<string[]> {
  const output = await readWheel(wheel, [REQUIREMENTS, wheel]);
  return [...output.matchAll(/^Requires-Dist: (.*)$/gm)].map(([, requirement]) => requirement!.trim());
}

/** Runs a program of ours on a wheel; one that cannot be read is removed, so that it is downloaded anew. */
async function readWheel(wheel: string, words: readonly string[]): Promise<string> {
  const result = await runTool('python3', ['-c', ...words]);
  if (result?.status === 0) return result.output;
  rmSync(wheel, { force: true });
  throw unpackFailed(basename(wheel), result?.output ?? 'python3 is gone');
}
