import { DnaError } from 'dna-nas/errors';

/** A PyTorch file that is not sound. */
export function torchInvalid(problem: string): DnaError {
  return new DnaError(
    'TORCH_INVALID',
    `Not a valid PyTorch file: ${problem}.`,
    'Download it again, or save it again with torch.save(model.state_dict(), FILE).',
  );
}

/** A PyTorch file, perhaps a sound one, that holds more than data of known kinds. */
export function torchUnsupported(problem: string): DnaError {
  return new DnaError(
    'TORCH_UNSUPPORTED',
    `This PyTorch file cannot be read: ${problem}.`,
    'Load it in PyTorch and save the tensors alone, torch.save(model.state_dict(), FILE), or write safetensors.',
  );
}
