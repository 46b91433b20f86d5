import type { OptionsSchema, PluginCommand } from 'dna-nas/core';
import { removeCommand } from 'dna-nas/install';
import { OURS } from './clean-up.js';
import { CUDA, cudaHome } from './cuda.js';
import { type InstallOptions, installCuda } from './install-cuda.js';

const INSTALL_OPTIONS = {
  properties: {
    official: {
      description: 'The published binary of 2022 (TensorFlow 2.9, CUDA 11.2), instead of compiling.',
      kind: 'machine',
      type: 'boolean',
      default: false,
    },
    tensorflow: {
      description: 'Folder of an installed TensorFlow 2 to use, instead of python3’s or a download.',
      kind: 'machine',
      type: 'string',
    },
    cpu: {
      description: 'For the CPU alone. Without either flag: where there is no NVIDIA GPU.',
      kind: 'machine',
      type: 'boolean',
    },
  },
} satisfies OptionsSchema;

const installCommand: PluginCommand = {
  name: 'backend install cuda',
  description: 'Install TensorFlow and TensorFlow.js for Node, and compile their binding for this machine.',
  options: INSTALL_OPTIONS,
  run: (options, tools) => installCuda(options as InstallOptions, tools),
};

/** Commands of the plugin. */
export const CUDA_COMMANDS: readonly PluginCommand[] = [installCommand, removeCommand(CUDA, cudaHome, OURS)];
