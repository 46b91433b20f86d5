import type { JsonObject, OptionsSchema } from 'dna-nas/core';
import type { Split } from 'dna-nas/core/contracts';

/** Options of `dna evaluate`. */
export interface EvaluateOptions {
  readonly run?: string;
  readonly network?: string;
  readonly teacher?: string;
  readonly weights?: string;
  readonly architecture?: string;
  readonly checkpoint?: string;
  readonly space: JsonObject & { readonly use: string };
  readonly data?: string;
  readonly classes?: string;
  readonly dataOptions: JsonObject;
  readonly set?: readonly string[];
  readonly imageSize?: number;
  readonly split: Split;
  readonly backend?: string;
  readonly batch: number;
  readonly json: boolean;
}

const TEXT = { type: 'string', minLength: 1 };

export const EVALUATE_OPTIONS = {
  properties: {
    run: { description: "A run's folder: its retrained networks are measured.", ...TEXT },
    network: {
      description:
        'The only network of the run to measure, say found-best (default: all, without those of the best epoch).',
      ...TEXT,
    },
    teacher: { description: 'A published network by name, say tf_efficientnet_lite0.', ...TEXT },
    weights: {
      description:
        'Weights of the teacher: a file, pretrained, or hf:OWNER/NAME (default: what the teacher plugin asks for). ' +
        'Of a run: retrained (the default), or inherited, those of its trained cells.',
      ...TEXT,
    },
    architecture: {
      description: 'A published network by name (dna-c), or the line that a search found in its space.',
      ...TEXT,
    },
    checkpoint: { description: 'Weights of that architecture: a safetensors or PyTorch file.', ...TEXT },
    space: {
      description: 'Space in which the architecture is read: { use: mbconv, … } with its options.',
      type: 'object',
      default: { use: 'mbconv' },
    },
    data: { description: 'Folder of images in folders of classes, or the name of a data plugin.', ...TEXT },
    classes: {
      description:
        'File of the classes in the order of the network’s outputs, one a line, folder name first.',
      ...TEXT,
    },
    dataOptions: { description: 'Further options of the data plugin.', type: 'object', default: {} },
    set: {
      description: 'Of a run: an option of this machine, path=value, say data.path=DIR.',
      type: 'array',
      items: TEXT,
    },
    imageSize: {
      description: 'Height and width of the images (default: what timm measures the network at).',
      type: 'integer',
      minimum: 1,
    },
    split: {
      description: 'Images to measure on.',
      enum: ['test', 'validation', 'train'],
      default: 'test',
    },
    backend: { description: 'Backend plugin (default: auto, or the run’s own).', ...TEXT },
    batch: { description: 'Images at a time.', type: 'integer', minimum: 1, default: 50 },
    json: { description: 'Print data.', type: 'boolean', default: false },
  },
} satisfies OptionsSchema;
