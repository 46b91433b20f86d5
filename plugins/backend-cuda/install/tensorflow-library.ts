import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runTool } from 'dna-nas/install';
import { unusableTensorflow } from './errors.js';

/** The version that all is tested with and the download gets. */
export const TENSORFLOW_VERSION = '2.21.0';

/** A TensorFlow to compile against. */
export interface TensorflowLibrary {
  /** Folder of the libraries. */
  readonly folder: string;
  /** Folder of the headers. */
  readonly include: string;
  /** Names of the libraries to link. */
  readonly libraries: readonly string[];
  /** Undefined where it stands nowhere; the library itself says it once it is loaded. */
  readonly version: string | undefined;
  /** CUDA version it was built for; null without CUDA. */
  readonly cuda: string | null;
}

/** `libtensorflow_cc.so.2` in Python's package, `lib/libtensorflow.so.2` in the archive of the C library. */
const LAYOUTS = [
  { lib: '.', main: 'libtensorflow_cc.so.2' },
  { lib: 'lib', main: 'libtensorflow.so.2' },
];
const FRAMEWORK = 'libtensorflow_framework.so.2';
const HEADERS = ['tensorflow/c/eager/c_api.h', 'tensorflow/core/platform/ctstring_internal.h'];

/**
 * Looks at the `tensorflow` folder of an installed TensorFlow (also below the given one) or at an unpacked C library.
 * @throws DnaError `BACKEND_LIBRARY`.
 */
export function openTensorflow(given: string): TensorflowLibrary {
  if (!existsSync(given)) throw unusableTensorflow(given, 'it does not exist');
  const folders = [given, join(given, 'tensorflow')];
  const found = folders
    .flatMap((folder) => LAYOUTS.map(({ lib, main }) => ({ root: folder, folder: join(folder, lib), main })))
    .find(({ folder, main }) => existsSync(join(folder, main)));
  if (!found) throw unusableTensorflow(given, `${LAYOUTS[0]!.main} is not there`);
  const include = join(found.root, 'include');
  const missing = [
    ...(existsSync(join(found.folder, FRAMEWORK)) ? [] : [FRAMEWORK]),
    ...HEADERS.filter((header) => !existsSync(join(include, header))).map((header) => `include/${header}`),
  ];
  if (missing[0] !== undefined) throw unusableTensorflow(found.root, `${missing[0]} is not there`);
  return {
    folder: realpathSync(found.folder),
    include,
    libraries: [found.main, FRAMEWORK],
    version: versionOf(found.root),
    cuda: cudaOf(found.root),
  };
}

/** From `tensorflow_cpu-2.21.0.dist-info`, which pip puts beside the package. */
function versionOf(folder: string): string | undefined {
  const names = readdirSync(dirname(realpathSync(folder)));
  const versions = names.flatMap((name) => {
    const found = /^(?:tf_nightly|tensorflow|intel_tensorflow)\w*-(\d[\w.]*)\.dist-info$/.exec(name);
    return found ? [found[1]!] : [];
  });
  return versions[0];
}

/** The C library does not write down what it was built with. */
function cudaOf(folder: string): string | null {
  const file = join(folder, 'python', 'platform', 'build_info.py');
  if (!existsSync(file)) return null;
  const text = readFileSync(file, 'utf8');
  if (!/'is_cuda_build', True/.test(text)) return null;
  return /'cuda_version', '([\d.]+)'/.exec(text)?.[1] ?? 'of unknown version';
}

/** Finds the package without running it, which takes seconds. */
const FIND = `
import importlib.util
found = importlib.util.find_spec('tensorflow')
print((found and found.submodule_search_locations or [''])[0])
`;

/** Folder of the TensorFlow that `python3 -c "import tensorflow"` would take; undefined where there is none. */
export async function pythonTensorflow(): Promise<string | undefined> {
  const told = await runTool('python3', ['-c', FIND]);
  const folder = told?.status === 0 ? told.output.trim() : '';
  return folder || undefined;
}
