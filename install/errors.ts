import { DnaError } from 'dna-nas/errors';
import type { InstalledBackend } from './installed-backend.js';

/** The backend was chosen but is not on this machine. */
export function backendNotInstalled({ name }: InstalledBackend): DnaError {
  return new DnaError(
    'BACKEND_NOT_INSTALLED',
    `The ${name} backend is not installed on this machine.`,
    `Run \`dna backend install ${name}\`, or choose another: --set backend=wasm.`,
  );
}

/** Its addon is there but cannot be loaded. */
export function installationUnusable({ name }: InstalledBackend, addon: string, cause: unknown): DnaError {
  const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n');
  return new DnaError(
    'BACKEND_UNUSABLE',
    `The ${name} backend's addon does not load (${addon}): ${reason}`,
    `Run \`dna backend install ${name}\` again, which compiles it anew for this machine.`,
  );
}

/** The addon does not fit the package or the machine any more. */
export function backendOutdated(
  { name }: InstalledBackend,
  { reason, fix }: { reason: string; fix: string },
): DnaError {
  return new DnaError('BACKEND_OUTDATED', `The ${name} backend ${reason}.`, fix);
}

/** The machine is of a kind, or lacks a tool, that the installation needs. */
export function installRequires({ name }: InstalledBackend, found: string, fix: string): DnaError {
  return new DnaError('BACKEND_REQUIRES', `The ${name} backend cannot be installed here: ${found}.`, fix);
}

/** pip could not get a wheel; `output` is what it said. */
export function downloadFailed({ instead }: InstalledBackend, what: string, output: string): DnaError {
  return new DnaError(
    'BACKEND_DOWNLOAD_FAILED',
    `pip could not download ${what}: ${lastLine(output)}${brokenConnection(output)}`,
    `Check the network and pip’s configuration (\`python3 -m pip config list\`), or use ${instead}.`,
  );
}

/** A wheel that is there could not be read or unpacked. */
export function unpackFailed(wheel: string, output: string): DnaError {
  return new DnaError(
    'BACKEND_DOWNLOAD_FAILED',
    `The wheel ${wheel} could not be unpacked: ${lastLine(output)}`,
    'Run the command again: the wheel was removed and is downloaded anew. See that the disk has room.',
  );
}

const SHOWN_LINES = 4;

/** The compiler or linker refused the sources. */
export function compileFailed({ library }: InstalledBackend, file: string, output: string): DnaError {
  const lines = output.trim().split('\n');
  const start = Math.max(
    0,
    lines.findIndex((line) => /\berror\b/.test(line)),
  );
  return new DnaError(
    'BACKEND_COMPILE_FAILED',
    `${file} could not be compiled:\n${lines.slice(start, start + SHOWN_LINES).join('\n')}`,
    `Try another g++ (CXX=g++-13), and report it with these lines and the versions of g++ and ${library}.`,
  );
}

/** pip's last line says no more than that nothing was found, whatever the reason. */
function brokenConnection(output: string): string {
  const cause = [...output.matchAll(/connection broken by '(.*)'/g)].at(-1)?.[1];
  return cause === undefined
    ? ''
    : ` (${cause
        .split(': ')
        .at(-1)
        ?.replace(/['")]+$/, '')})`;
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() ?? '';
}
