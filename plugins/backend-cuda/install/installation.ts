import { existsSync } from 'node:fs';
import { readRecord, writeRecord } from 'dna-nas/install';
import { cudaHome } from './cuda.js';

/** What `installed.json` says: where TensorFlow, the node package and its binding are. */
export interface Installation {
  /** TensorFlow's version: `2.21.0`. */
  readonly tensorflow: string;
  /** Folder of its libraries. */
  readonly folder: string;
  /** CUDA version that it is built for; null where it computes on the CPU alone. */
  readonly cuda: string | null;
  /** Folder of `@tensorflow/tfjs-node-gpu`. */
  readonly package: string;
  /** The package's version. */
  readonly version: string;
  /** The binding's file. */
  readonly binding: string;
  /** File of the addon that keeps TensorFlow quiet while it is loaded; null for the published binary. */
  readonly quiet: string | null;
  /** SHA-256 of our sources in the binding; null for the published binary. */
  readonly sources: string | null;
  /** Extensions of the processor that it was compiled for, as `/proc/cpuinfo` names them without `_`. */
  readonly instructions: readonly string[];
  /** `g++ 12.2.0`; null for the published binary. */
  readonly compiler: string | null;
}

/** Undefined where nothing is installed, or not all of it. */
export function readInstallation(home = cudaHome()): Installation | undefined {
  const found = readRecord(home);
  if (!isInstallation(found)) return undefined;
  const files = [found.folder, found.package, found.binding, ...(found.quiet === null ? [] : [found.quiet])];
  return files.every(existsSync) ? found : undefined;
}

/** The last step of an installation: what is not written down is not installed. */
export function writeInstallation(installation: Installation, home = cudaHome()): void {
  writeRecord(installation, home);
}

const TEXTS = ['tensorflow', 'folder', 'package', 'version', 'binding'] as const;

function isInstallation(found: unknown): found is Installation {
  if (found === null || typeof found !== 'object') return false;
  const { cuda, compiler, quiet, sources, instructions, ...others } = found as Record<string, unknown>;
  return (
    TEXTS.every((name) => typeof others[name] === 'string') &&
    [cuda, compiler, quiet, sources].every((value) => value === null || typeof value === 'string') &&
    Array.isArray(instructions) &&
    instructions.every((name) => typeof name === 'string')
  );
}
