import type { InstalledBackend } from 'dna-nas/install';

/** This backend, as the installation's errors speak of it. */
export const TORCH: InstalledBackend = {
  name: 'torch',
  library: 'libtorch',
  instead: 'a PyTorch that is installed: --torch <its folder>',
};
