import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { unusableTorch } from './errors.js';

/** The version that all is tested with and the download gets. */
export const TORCH_VERSION = '2.11.0';

/** Older ones come with the C++ library of before 2011, which does not link with ours. */
const OLDEST = { major: 2, minor: 7 };

/** A libtorch to compile against. */
export interface TorchLibrary {
  /** Folder that holds `include/` and `lib/`. */
  readonly folder: string;
  readonly version: string;
  /** CUDA version it was built for; null without `libtorch_cuda.so`. */
  readonly cuda: string | null;
  /** Its own OpenMP library among `lib/`: a second one in the process would have threads of its own. */
  readonly openmp: string | undefined;
  /** Folders of headers. */
  readonly includes: readonly string[];
}

/**
 * Looks at an unpacked libtorch, or at the `torch` folder of an installed PyTorch (also below the given one).
 * @throws DnaError `BACKEND_LIBRARY`.
 */
export function openTorch(given: string): TorchLibrary {
  const folder = [given, join(given, 'torch')].find((path) =>
    existsSync(join(path, 'lib', 'libtorch_cpu.so')),
  );
  if (folder === undefined) throw unusableTorch(given, noLibrary(given));
  const missing = ['include/ATen/ATen.h', 'lib/libc10.so'].find((file) => !existsSync(join(folder, file)));
  if (missing !== undefined) throw unusableTorch(folder, `${missing} is not there`);
  const version = versionOf(folder);
  const lib = join(folder, 'lib');
  return {
    folder: realpathSync(folder),
    version,
    cuda: existsSync(join(lib, 'libtorch_cuda.so')) ? cudaOf(folder) : null,
    openmp: readdirSync(lib).find((name) => /^libgomp.*\.so/.test(name)),
    includes: ['include', 'include/torch/csrc/api/include'].map((path) => join(folder, path)),
  };
}

function noLibrary(folder: string): string {
  return existsSync(folder) ? 'lib/libtorch_cpu.so is not there' : 'it does not exist';
}

function versionOf(folder: string): string {
  const [major, minor, patch] = ['MAJOR', 'MINOR', 'PATCH'].map((part) => versionPart(folder, part));
  if (major === undefined || minor === undefined) throw unusableTorch(folder, 'its headers name no version');
  const version = `${major}.${minor}.${patch ?? 0}`;
  if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
    throw unusableTorch(
      folder,
      `it is version ${version}, and ${OLDEST.major}.${OLDEST.minor} or newer is needed`,
    );
  }
  return version;
}

function versionPart(folder: string, part: string): number | undefined {
  const places = ['torch/headeronly/version.h', 'torch/csrc/api/include/torch/version.h'];
  for (const place of places.map((path) => join(folder, 'include', path)).filter(existsSync)) {
    const found = new RegExp(`#define TORCH_VERSION_${part} (\\d+)`).exec(readFileSync(place, 'utf8'));
    if (found) return Number(found[1]);
  }
  return undefined;
}

/** From the ending `+cu130` of the version, which wheels and archives write down in different files. */
function cudaOf(folder: string): string {
  const texts = ['version.py', 'build-version'].map((name) => join(folder, name)).filter(existsSync);
  const [, digits] = /\+cu(\d+)/.exec(texts.map((file) => readFileSync(file, 'utf8')).join('\n')) ?? [];
  return digits === undefined ? 'of unknown version' : `${digits.slice(0, -1)}.${digits.slice(-1)}`;
}
