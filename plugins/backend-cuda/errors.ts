import { DnaError } from 'dna-nas/errors';

/** A GPU was asked for that TensorFlow does not find. */
export function deviceMissing(device: string): DnaError {
  return new DnaError(
    'DEVICE_MISSING',
    `TensorFlow finds no GPU that it can use; "${device}" was asked for.`,
    '`dna backend list` says why. Compute on the CPU (--set backend.device=cpu), or see to that.',
  );
}

/** A precision that the device does not have. */
export function precisionNotOffered(precision: string): DnaError {
  return new DnaError(
    'PRECISION_NOT_OFFERED',
    `The cuda backend has no ${precision} on the CPU: it is a way in which GPUs multiply.`,
    'Choose --set backend.precision=float32.',
  );
}
