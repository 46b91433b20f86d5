import { DnaError } from 'dna-nas/errors';
import { type Fetch, fetchTensorflow } from './fetch-tensorflow.js';
import {
  openTensorflow,
  pythonTensorflow,
  TENSORFLOW_VERSION,
  type TensorflowLibrary,
} from './tensorflow-library.js';

/** Which TensorFlow is asked for. */
export interface TensorflowRequest extends Fetch {
  /** Folder that the user named. */
  readonly given: string | undefined;
}

/** The TensorFlow that is named, else the one of python3 where it serves, else a download. */
export async function findTensorflow({ given, ...fetch }: TensorflowRequest): Promise<TensorflowLibrary> {
  const { told, cuda } = fetch;
  if (given !== undefined) return announce(openTensorflow(given), told);
  const installed = await installedTensorflow(told);
  if (installed && (installed.cuda !== null || !cuda)) return announce(installed, told);
  if (installed) told('python3’s TensorFlow has no CUDA part, and another one is needed');
  told(`getting TensorFlow ${TENSORFLOW_VERSION}${cuda ? ' with CUDA' : ' for the CPU'}`);
  return fetchTensorflow(fetch);
}

async function installedTensorflow(told: (text: string) => void): Promise<TensorflowLibrary | undefined> {
  const folder = await pythonTensorflow();
  if (folder === undefined) return undefined;
  try {
    return openTensorflow(folder);
  } catch (error) {
    if (!(error instanceof DnaError)) throw error;
    told(`python3’s TensorFlow does not serve: ${error.message}`);
    return undefined;
  }
}

function announce(library: TensorflowLibrary, told: (text: string) => void): TensorflowLibrary {
  told(`using TensorFlow ${library.version ?? 'of unknown version'} in ${library.folder}`);
  return library;
}
