import type { StateDict } from 'dna-nas/core/contracts';
import { readSafetensors, toStateDict } from 'dna-nas/files';
import { readTorchState, torchFormat, torchStateDict } from './pytorch/index.js';

/** What a file of weights holds. */
export interface DecodedWeights {
  readonly tensors: StateDict;
  /** Texts that a safetensors file has beside them; none of what `torch.save` wrote. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Reads safetensors or what `torch.save` wrote, judged by the bytes. @throws Error where they are neither */
export function decodeWeights(bytes: Uint8Array): DecodedWeights {
  if (torchFormat(bytes)) return { tensors: torchStateDict(readTorchState(bytes)), metadata: new Map() };
  const decoded = readSafetensors(bytes);
  return { tensors: toStateDict(decoded), metadata: decoded.metadata };
}
