import type { OptionsSchema } from 'dna-nas/core';

/** The options of the run itself, beside the slots. */
export const CORE_OPTIONS: OptionsSchema = {
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
      patternMeans: 'of letters, digits, ".", "_" and "-", beginning with a letter or digit',
      kind: 'display',
      description: "Folder of the run below runs; by default the preset's name, or run",
    },
    seed: {
      type: 'integer',
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      default: 1,
      description: 'Number from which all randomness of the run is drawn',
    },
    architecture: {
      type: 'string',
      minLength: 1,
      description:
        'Network to train from scratch instead of searching one, by name or in the words of the space',
    },
    architectures: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', minLength: 1 },
      description: 'Networks to train from scratch, each alone, instead of searching one',
    },
    trainings: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      description: 'Trainings of each of `architectures`, by the seeds 1, 2, …; by default one',
    },
    runs: {
      type: 'string',
      minLength: 1,
      default: 'runs',
      kind: 'machine',
      description: 'Folder that holds run folders',
    },
    workers: {
      type: 'integer',
      minimum: 0,
      maximum: 1024,
      default: 0,
      kind: 'machine',
      description:
        'Worker threads; 0 means one a device or core (of cores at most 8), and one where a single network is trained',
    },
    devices: {
      anyOf: [
        { enum: ['auto'] },
        { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'integer', minimum: 0 } },
      ],
      default: 'auto',
      kind: 'machine',
      description:
        'Devices that the workers are placed on: auto for all GPUs of the backend, or numbers, [0, 1]; without a GPU numbers of cores',
    },
    checkpointSeconds: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 60,
      kind: 'machine',
      description: 'Seconds between timed checkpoints',
    },
    leaseSeconds: {
      type: 'number',
      minimum: 0.1,
      default: 120,
      kind: 'machine',
      description:
        'Seconds without a sign of life after which other hosts may take a task from this one; it gives one six times as often',
    },
  },
};

/** What a configuration holds if nobody says otherwise. */
export const DEFAULT_REPORTS: readonly string[] = ['console', 'json'];
