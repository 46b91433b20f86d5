import type { OptionsSchema } from 'dna-nas/core';
import { WEIGHTS_FILE } from 'dna-nas/nn/teacher';

export interface TeacherNetworkOptions {
  /** A result of a retraining, relative to the project: `runs/teacher/results/retrain-given.safetensors`. */
  readonly weights?: string;
  /** The same file in another place on this machine. */
  readonly weightsFile?: string;
  /** Name or text of the network. @default what the file says */
  readonly architecture?: string;
  /** Statistics of the teacher's batch norms. @default 'running' */
  readonly statistics: 'running' | 'batch';
}

export const OPTIONS = {
  properties: {
    weights: {
      description:
        'Result of a retraining, a file relative to the project: runs/NAME/results/retrain-given.safetensors.',
      type: 'string',
      minLength: 1,
    },
    weightsFile: WEIGHTS_FILE,
    architecture: {
      description: 'Name or text of the network, as the space reads it. Default: what the file says.',
      type: 'string',
      minLength: 1,
    },
    statistics: {
      description:
        '`running`: the teacher’s own statistics, folded into its convolutions; `batch`: those of each batch.',
      enum: ['running', 'batch'],
      default: 'running',
    },
  },
} satisfies OptionsSchema<TeacherNetworkOptions>;
