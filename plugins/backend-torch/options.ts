import type { OptionsSchema } from 'dna-nas/core';

export interface BackendTorchOptions {
  /** `auto` takes the GPU where the addon was built for one and finds it. @default 'auto' */
  readonly device: 'auto' | 'cpu' | `cuda${string}`;
  /** Threads of one op; 0 shares the cores out among the workers. @default 0 */
  readonly threads: number;
  /** How activations are stored and multiplied; everything else is float32. @default 'float32' */
  readonly precision: 'float32' | 'tf32' | 'bf16';
  /** On a GPU, the same bits at every run, slower; an op that cannot is an error. The CPU always gives them. @default false */
  readonly deterministic: boolean;
  /** Megabytes that tensors on the host may hold; 0 for the machine's memory. @default 0 */
  readonly memory: number;
}

export const OPTIONS: OptionsSchema<BackendTorchOptions> = {
  properties: {
    device: {
      type: 'string',
      pattern: '^(auto|cpu|cuda(:\\d+)?)$',
      default: 'auto',
      kind: 'machine',
      description:
        'auto, cpu, cuda or cuda:N; auto takes the GPU where the addon was built for one and finds it. Of several GPUs a run takes those that its option devices names.',
    },
    threads: {
      type: 'integer',
      minimum: 0,
      default: 0,
      kind: 'machine',
      description:
        'Threads of one op; 0 shares the cores out among the workers. A run goes on to the same bits only with as many.',
    },
    precision: {
      enum: ['float32', 'tf32', 'bf16'],
      default: 'float32',
      description:
        'How activations are stored and multiplied: float32, tf32 (products on a GPU), or bf16; parameters, statistics, ' +
        'squeeze-and-excitation and optimiser state are float32 always.',
    },
    deterministic: {
      type: 'boolean',
      default: false,
      description:
        'On a GPU, the same bits at every run, slower; an op that cannot is an error. The CPU always gives them.',
    },
    memory: {
      type: 'integer',
      minimum: 0,
      default: 0,
      kind: 'machine',
      description: 'Megabytes that tensors on the host may hold; 0 for the machine’s memory.',
    },
  },
};
