import { DnaError } from 'dna-nas/core';

/** The addon does not fit the package or the machine any more. */
export function backendOutdated({ reason, fix }: { reason: string; fix: string }): DnaError {
  return new DnaError('BACKEND_OUTDATED', `The torch backend ${reason}.`, fix);
}

/** The machine is of a kind, or lacks a tool, that the installation needs. */
export function installRequires(found: string, fix: string): DnaError {
  return new DnaError('BACKEND_REQUIRES', `The torch backend cannot be installed here: ${found}.`, fix);
}

/** pip could not get a wheel; `output` is what it said. */
export function downloadFailed(what: string, output: string): DnaError {
  return new DnaError(
    'BACKEND_DOWNLOAD_FAILED',
    `pip could not download ${what}: ${lastLine(output)}${brokenConnection(output)}`,
    'Check the network and pip’s configuration (`python3 -m pip config list`), or use a PyTorch that is installed: ' +
      '--torch <its folder>.',
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

/** What `--torch` names is no libtorch that the addon can be linked with. */
export function unusableTorch(folder: string, reason: string): DnaError {
  return new DnaError(
    'BACKEND_LIBRARY',
    `The folder ${folder} holds no libtorch that can be used: ${reason}.`,
    'Name a folder that holds include/ and lib/: ' +
      '`python3 -c "import torch; print(torch.__path__[0])"` prints that of an installed PyTorch.',
  );
}

const SHOWN_LINES = 4;

/** The compiler or linker refused our sources. */
export function compileFailed(file: string, output: string): DnaError {
  const lines = output.trim().split('\n');
  const start = Math.max(
    0,
    lines.findIndex((line) => /\berror\b/.test(line)),
  );
  return new DnaError(
    'BACKEND_COMPILE_FAILED',
    `${file} could not be compiled:\n${lines.slice(start, start + SHOWN_LINES).join('\n')}`,
    'Try another g++ (CXX=g++-13), and report it with these lines and the versions of g++ and libtorch.',
  );
}

/** The addon was compiled and, on `cpu` or `cuda`, does not load or calculates wrongly. */
export function addonFailed(device: string, reason: string): DnaError {
  return new DnaError(
    'BACKEND_BROKEN',
    `The torch backend was compiled and fails its trial${device === 'cpu' ? '' : ' on the GPU'}: ${reason}`,
    'Run `dna backend install torch` again, which compiles all of it anew; after `dna backend remove torch` it ' +
      'downloads libtorch anew too.',
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
