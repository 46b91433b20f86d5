import { join } from 'node:path';
import { backendsFolder, type InstalledBackend } from 'dna-nas/install';

/** This backend, as the installation's errors speak of it. */
export const CUDA: InstalledBackend = {
  name: 'cuda',
  library: 'TensorFlow',
  instead: 'a TensorFlow that is installed: --tensorflow <its folder>',
};

/** Everything of this backend; what it holds may be removed as a whole. */
export function cudaHome(): string {
  return join(backendsFolder(), 'cuda');
}
