import type { OptionsSchema } from 'dna-nas/core';

export interface BackendCudaOptions {
  /** `auto` takes the GPU where TensorFlow finds one. @default 'auto' */
  readonly device: 'auto' | 'cpu' | `cuda${string}`;
  /** Threads of one op; 0 for all cores. @default 0 */
  readonly threads: number;
  /** How a GPU multiplies. @default 'float32' */
  readonly precision: 'float32' | 'tf32';
  /** Takes the GPU's memory bit by bit; otherwise nearly all of it at the start. @default true */
  readonly memoryGrowth: boolean;
  /** Shows what TensorFlow says about itself. @default false */
  readonly log: boolean;
}

export const OPTIONS: OptionsSchema<BackendCudaOptions> = {
  properties: {
    device: {
      type: 'string',
      pattern: '^(auto|cpu|cuda(:\\d+)?)$',
      default: 'auto',
      kind: 'machine',
      description: 'auto, cpu, cuda or cuda:N; auto takes the GPU where TensorFlow finds one.',
    },
    threads: {
      type: 'integer',
      minimum: 0,
      default: 0,
      kind: 'machine',
      description: 'Threads of one op; 0 for all cores. A run goes on to the same bits only with as many.',
    },
    precision: {
      enum: ['float32', 'tf32'],
      default: 'float32',
      description: 'How a GPU multiplies: float32, or tf32, which is faster and rounds factors to 10 bits.',
    },
    memoryGrowth: {
      type: 'boolean',
      default: true,
      kind: 'machine',
      description:
        'Takes the GPU’s memory bit by bit; otherwise nearly all of it at the start, which is faster.',
    },
    log: {
      type: 'boolean',
      default: false,
      kind: 'display',
      description: 'Shows what TensorFlow says about itself, its devices and its libraries.',
    },
  },
};
