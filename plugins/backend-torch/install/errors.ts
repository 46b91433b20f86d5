import { DnaError } from 'dna-nas/errors';

/** What `--torch` names is no libtorch that the addon can be linked with. */
export function unusableTorch(folder: string, reason: string): DnaError {
  return new DnaError(
    'BACKEND_LIBRARY',
    `The folder ${folder} holds no libtorch that can be used: ${reason}.`,
    'Name a folder that holds include/ and lib/: ' +
      '`python3 -c "import torch; print(torch.__path__[0])"` prints that of an installed PyTorch.',
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
