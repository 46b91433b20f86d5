import type { OptionsSchema, PluginCommand } from 'dna-nas/core';
import { removeCommand } from 'dna-nas/install';
import { OURS } from './clean-up.js';
import { type InstallOptions, installTorch } from './install-torch.js';
import { torchHome } from './installation.js';
import { TORCH } from './torch.js';

const INSTALL_OPTIONS = {
  properties: {
    torch: {
      description: 'Folder of an installed PyTorch or libtorch to use, instead of a download.',
      kind: 'machine',
      type: 'string',
    },
    cuda: {
      description: 'The part for NVIDIA GPUs too. Without either flag: where there is one.',
      kind: 'machine',
      type: 'boolean',
    },
  },
} satisfies OptionsSchema;

const installCommand: PluginCommand = {
  name: 'backend install torch',
  description: 'Download libtorch and compile the torch backend for this machine.',
  options: INSTALL_OPTIONS,
  run: (options, tools) => installTorch(options as InstallOptions, tools),
};

/** Commands of the plugin. */
export const TORCH_COMMANDS: readonly PluginCommand[] = [
  installCommand,
  removeCommand(TORCH, torchHome, OURS),
];
