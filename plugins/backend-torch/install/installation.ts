import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { backendsFolder, readRecord, writeRecord } from 'dna-nas/install';

/** What `installed.json` says: where libtorch and the addon are, and what the addon was compiled from. */
export interface Installation {
  /** libtorch's version: `2.11.0`. */
  readonly torch: string;
  /** Folder that holds libtorch's `include/` and `lib/`. */
  readonly folder: string;
  /** CUDA version that the addon is linked for; null where it computes on the CPU alone. */
  readonly cuda: string | null;
  /** Whether our own CUDA kernels are compiled in. */
  readonly kernels: boolean;
  /** What these are compiled for: `sm_75`, …, `compute_100`. */
  readonly architectures: readonly string[];
  /** The addon's file. */
  readonly addon: string;
  /** SHA-256 of the native sources and of what else the addon depends on. */
  readonly sources: string;
  /** Extensions of the processor that the addon was compiled for, as `/proc/cpuinfo` names them without `_`. */
  readonly instructions: readonly string[];
  /** `g++ 12.2.0`. */
  readonly compiler: string;
}

/** Everything of this backend; what it holds may be removed as a whole. */
export function torchHome(): string {
  return join(backendsFolder(), 'torch');
}

/** Undefined where nothing is installed, or not all of it. */
export function readInstallation(home = torchHome()): Installation | undefined {
  // Earlier versions wrote no architectures.
  const found = withArchitectures(readRecord(home));
  return isInstallation(found) && existsSync(found.addon) && existsSync(found.folder) ? found : undefined;
}

function withArchitectures(found: unknown): unknown {
  return found !== null && typeof found === 'object' ? { architectures: [], ...found } : found;
}

/** The last step of an installation: what is not written down is not installed. */
export function writeInstallation(installation: Installation, home = torchHome()): void {
  writeRecord(installation, home);
}

const TEXTS = ['torch', 'folder', 'addon', 'sources', 'compiler'] as const;

function isListOfTexts(list: unknown): boolean {
  return Array.isArray(list) && list.every((text) => typeof text === 'string');
}

function isInstallation(found: unknown): found is Installation {
  if (found === null || typeof found !== 'object') return false;
  const { cuda, kernels, instructions, architectures, ...others } = found as Record<string, unknown>;
  return (
    TEXTS.every((name) => typeof others[name] === 'string') &&
    (cuda === null || typeof cuda === 'string') &&
    typeof kernels === 'boolean' &&
    [instructions, architectures].every(isListOfTexts)
  );
}
