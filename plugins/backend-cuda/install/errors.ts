import { DnaError } from 'dna-nas/errors';

/** What `--tensorflow` names is no TensorFlow that the binding can be linked with. */
export function unusableTensorflow(folder: string, reason: string): DnaError {
  return new DnaError(
    'BACKEND_LIBRARY',
    `The folder ${folder} holds no TensorFlow that can be used: ${reason}.`,
    'Name the folder `tensorflow` of an installed TensorFlow 2, or an unpacked C library (include/ and lib/): ' +
      '`python3 -c "import tensorflow; print(tensorflow.__path__[0])"` prints the first.',
  );
}

/** npm could not install the package of TensorFlow.js; `output` is what it said. */
export function packageFailed(what: string, output: string): DnaError {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
    .filter((line) => line !== '' && !/^(code|errno|A complete log)\b/.test(line));
  return new DnaError(
    'BACKEND_DOWNLOAD_FAILED',
    `npm could not install ${what}: ${lines[0] ?? 'it said nothing'}`,
    'Check the network and npm’s configuration (`npm config list`), and run the command again.',
  );
}

/** The published binary is for a machine of 2022 and comes from a server of its own. */
export function officialFailed(reason: string): DnaError {
  return new DnaError(
    'BACKEND_DOWNLOAD_FAILED',
    `The published binary of @tensorflow/tfjs-node-gpu could not be installed: ${reason}`,
    'Leave --official out: the binding is then compiled on this machine, against a TensorFlow of today.',
  );
}

/** The binding was made and does not load or calculates wrongly. */
export function bindingFailed({ device, reason }: { device: string; reason: string }): DnaError {
  return new DnaError(
    'BACKEND_BROKEN',
    `The cuda backend was installed and fails its trial${device === 'cpu' ? '' : ' on the GPU'}: ${reason}`,
    device === 'cpu'
      ? 'Run `dna backend remove cuda` and `dna backend install cuda`, which fetches and compiles all of it anew.'
      : 'See to that and run the command again, or install for the CPU alone: --cpu.',
  );
}
