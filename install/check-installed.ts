import type { BackendCheck } from 'dna-nas/core/contracts';
import { hasGpu } from './gpu.js';
import type { InstalledBackend } from './installed-backend.js';
import { missingInstructions } from './instructions.js';
import type { Trial } from './trial.js';

/** Why a backend does not work. */
export type BackendFault = Extract<BackendCheck, { works: false }>;

export interface InstalledCheck<Found extends { readonly cuda: string | null }, Told> {
  readonly backend: InstalledBackend;
  /** Undefined where nothing is installed. */
  readonly installation: Found | undefined;
  /** `auto`, `cpu`, `cuda` or `cuda:N`. */
  readonly device: string;
  /** Option of the installation that brings CUDA. */
  readonly cudaOption: string;
  readonly misfit: (installation: Found) => BackendFault | undefined;
  /** Whether the attempt itself says why a GPU cannot be used, and which device `auto` is. @default false */
  readonly asksDriver?: boolean;
  readonly attempt: (device: string) => Promise<Trial<Told>>;
  readonly describe: (installation: Found, told: Told, device: string) => string;
}

/** A backend's `check`: looks at what is installed, and has another process calculate with it. */
export async function checkInstalled<Found extends { readonly cuda: string | null }, Told>(
  check: InstalledCheck<Found, Told>,
): Promise<BackendCheck> {
  const { backend, installation } = check;
  if (!installation) return fault('is not installed', `Run \`dna backend install ${backend.name}\`.`);
  const device = check.device === 'auto' ? bestDevice(check, installation.cuda) : check.device;
  const known = check.misfit(installation) ?? deviceFault(check, installation.cuda, device);
  if (known) return known;
  const trial = await check.attempt(device);
  if (!trial.works) {
    return trial.fix === undefined
      ? fault(`fails: ${trial.reason}`, installAgain(backend))
      : fault(trial.reason, trial.fix);
  }
  return { works: true, description: check.describe(installation, trial, device) };
}

/** What to do about an installation that does not fit any more. */
export function installAgain({ name }: InstalledBackend): string {
  return `Run \`dna backend install ${name}\` again: it compiles what has changed and downloads nothing twice.`;
}

/** Why what is installed does not fit this package or this machine any more; undefined if it does. */
export function misfitOf(
  backend: InstalledBackend,
  { current, instructions }: { current: boolean; instructions: readonly string[] },
): BackendFault | undefined {
  const fix = installAgain(backend);
  if (!current) return fault('was installed for another version of dna-nas', fix);
  const missing = missingInstructions(instructions);
  if (missing.length === 0) return undefined;
  return fault(`was compiled for a processor with ${missing.join(', ')}, which this one lacks`, fix);
}

interface DeviceCheck {
  readonly backend: InstalledBackend;
  readonly cudaOption: string;
  readonly asksDriver?: boolean;
}

function bestDevice({ asksDriver = false }: DeviceCheck, cuda: string | null): string {
  if (cuda === null) return 'cpu';
  if (asksDriver) return 'auto';
  return hasGpu() ? 'cuda' : 'cpu';
}

function deviceFault(
  { backend, cudaOption, asksDriver = false }: DeviceCheck,
  cuda: string | null,
  device: string,
): BackendFault | undefined {
  if (device === 'cpu' || (cuda !== null && asksDriver)) return undefined;
  if (!hasGpu())
    return fault('finds no NVIDIA GPU with its driver', 'Compute on the CPU: backend.device=cpu.');
  if (cuda !== null) return undefined;
  return fault('is installed without CUDA', `Run \`dna backend install ${backend.name} ${cudaOption}\`.`);
}

function fault(reason: string, fix: string): BackendFault {
  return { works: false, reason, fix };
}
