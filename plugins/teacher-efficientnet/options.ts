import type { FeatureShape, OptionsSchema } from 'dna-nas/core';
import { COUNT, CUSTOM_SCHEMA, type CustomArchitecture, NAMED } from './architecture-schema.js';

export interface TeacherEfficientnetOptions {
  /** A published network's name, or a network of one's own. @default what the weights file says */
  readonly architecture?: string | CustomArchitecture;
  /** Shape of the images it is given. @default what the weights file says, else 224×224×3 */
  readonly image?: FeatureShape;
  /** @default what the weights file says, else 1000 */
  readonly classes?: number;
  /** A name of weights that come with the package, or a safetensors or PyTorch file relative to the project. */
  readonly weights?: string;
  /** The same file in another place on this machine. */
  readonly weightsFile?: string;
  /** Statistics of the teacher's batch norms. @default 'running' */
  readonly statistics: 'running' | 'batch';
}

export const OPTIONS = {
  properties: {
    architecture: {
      description:
        'A published network (efficientnet_b0 … b7 with symmetric padding, tf_efficientnet_b0 … b7 with SAME), ' +
        'or a network of your own. Default: what the weights file says.',
      oneOf: [{ enum: NAMED }, CUSTOM_SCHEMA],
    },
    image: {
      description: 'Shape of the images it is given. Default: what the weights file says, else 224×224×3.',
      type: 'object',
      additionalProperties: false,
      required: ['height', 'width', 'channels'],
      properties: {
        height: { description: 'Pixels.', ...COUNT },
        width: { description: 'Pixels.', ...COUNT },
        channels: { description: '3 for colour, 1 for grey.', ...COUNT },
      },
    },
    classes: {
      description: 'Classes it was trained for. Default: what the weights file says, else 1000.',
      type: 'integer',
      minimum: 2,
    },
    weights: {
      description:
        'Name of weights that come with the package (fashion-mnist-teacher), or a file relative to the project: ' +
        'safetensors or a PyTorch checkpoint, with the tensor names of timm or EfficientNet-PyTorch.',
      type: 'string',
      minLength: 1,
    },
    weightsFile: {
      description: 'Where the weights lie on this machine, if not where `weights` says.',
      kind: 'machine',
      type: 'string',
      minLength: 1,
    },
    statistics: {
      description:
        '`running`: the teacher’s own statistics, folded into its convolutions; `batch`: those of each batch, as in ' +
        'the published code’s search.',
      enum: ['running', 'batch'],
      default: 'running',
    },
  },
} satisfies OptionsSchema;
