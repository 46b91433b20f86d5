import type { OptionsSchema } from 'dna-nas/core';
import type { FeatureShape } from 'dna-nas/core/contracts';
import { WEIGHTS_FILE } from 'dna-nas/nn/teacher';
import { ARCHITECTURE_SCHEMA, COUNT, type CustomArchitecture } from './architecture-schema.js';

export interface TeacherEfficientnetOptions {
  /** A published network's name, or a network of one's own. @default what the weights file says */
  readonly architecture?: string | CustomArchitecture;
  /** Shape of the images it is given. @default what the weights file says, else 224×224×3 */
  readonly image?: FeatureShape | 'own' | 'test';
  /** @default what the weights file says, else 1000 */
  readonly classes?: number;
  /**
   * A safetensors or PyTorch file relative to the project, `pretrained` or `hf:OWNER/NAME` of the Hugging Face hub, a
   * name of weights that come with the package, or `untrained`.
   */
  readonly weights?: string;
  /** The same file in another place on this machine. */
  readonly weightsFile?: string;
  /** Statistics of the teacher's batch norms. @default 'running' */
  readonly statistics: 'running' | 'batch';
}

const SHAPE = {
  type: 'object',
  additionalProperties: false,
  required: ['height', 'width', 'channels'],
  properties: {
    height: { description: 'Pixels.', ...COUNT },
    width: { description: 'Pixels.', ...COUNT },
    channels: { description: '3 for colour, 1 for grey.', ...COUNT },
  },
};

export const OPTIONS = {
  properties: {
    architecture: {
      description:
        'A published network (efficientnet_b0 … b7 and lite0 … lite4 with symmetric padding, tf_efficientnet_… with ' +
        'SAME, dna-a … dna-d), or a network of your own. Default: what the weights say.',
      ...ARCHITECTURE_SCHEMA,
    },
    image: {
      description:
        'Shape of the images it is given; `own`: the size that its weights were trained for; `test`: the size that ' +
        'timm measures them at. ' +
        'Default: what the weights file says, else 224×224×3.',
      oneOf: [{ enum: ['own', 'test'] }, SHAPE],
    },
    classes: {
      description: 'Classes it was trained for. Default: what the weights file says, else 1000.',
      type: 'integer',
      minimum: 2,
    },
    weights: {
      description:
        'A file relative to the project, safetensors or a PyTorch checkpoint with the tensor names of timm or ' +
        'EfficientNet-PyTorch; `pretrained`: timm’s default ones of the network, or hf:OWNER/NAME, both downloaded ' +
        'from the Hugging Face hub; fashion-mnist-teacher, which comes with the package; `untrained`: random ones.',
      type: 'string',
      minLength: 1,
    },
    weightsFile: WEIGHTS_FILE,
    statistics: {
      description:
        '`running`: the teacher’s own statistics, folded into its convolutions; `batch`: those of each batch, as in ' +
        'the published code’s search.',
      enum: ['running', 'batch'],
      default: 'running',
    },
  },
} satisfies OptionsSchema<TeacherEfficientnetOptions>;
