import type { OptionsSchema } from 'dna-nas/core';

export interface LauncherSlurmOptions {
  readonly sbatch: Readonly<Record<string, string | number | boolean>>;
  readonly setup: readonly string[];
  readonly container: readonly string[];
  readonly prepare: 'here' | 'job';
  readonly signalSeconds: number;
  readonly links: number;
}

/** Options of sbatch that the launcher gives itself. */
const OWN = [
  ...['array', 'chdir', 'dependency', 'error', 'input', 'job-name', 'kill-on-invalid-dep', 'no-requeue'],
  ...['open-mode', 'output', 'parsable', 'requeue', 'signal', 'test-only', 'wait', 'wrap'],
];

/** The site's options as words of sbatch and srun: `--gres=gpu:1`, `--exclusive`. */
export function siteOptions(
  sbatch: LauncherSlurmOptions['sbatch'],
  shown: (value: unknown) => string = String,
): string[] {
  return Object.entries(sbatch)
    .filter(([, value]) => value !== false)
    .map(([option, value]) => (value === true ? `--${option}` : `--${option}=${shown(value)}`));
}

export const launcherSlurmOptions: OptionsSchema<LauncherSlurmOptions> = {
  properties: {
    sbatch: {
      type: 'object',
      kind: 'machine',
      default: {},
      propertyNames: { pattern: '^[a-z][a-z-]*$', not: { enum: OWN } },
      additionalProperties: {
        type: ['string', 'number', 'boolean'],
        pattern: '^[^\\n\\r]*$',
      },
      description:
        "The site's options of sbatch by their long names, for every job: account, partition, gres, time, …; true for one without a value",
    },
    setup: {
      type: 'array',
      kind: 'machine',
      default: [],
      items: { type: 'string', minLength: 1 },
      description: 'Lines of shell that a job begins with: module load cuda/13.0',
    },
    container: {
      type: 'array',
      kind: 'machine',
      default: [],
      items: { type: 'string', minLength: 1 },
      description: 'Words that a command is run in a container by: apptainer, exec, --nv, image.sif',
    },
    prepare: {
      enum: ['here', 'job'],
      kind: 'machine',
      default: 'here',
      description:
        'Where tasks are laid out: here, or in a first job, where this machine lacks what nodes have',
    },
    signalSeconds: {
      type: 'integer',
      kind: 'machine',
      minimum: 1,
      maximum: 65535,
      default: 120,
      description: 'Seconds before the end of its time that a task is told to save its state',
    },
    links: {
      type: 'integer',
      kind: 'machine',
      minimum: 1,
      maximum: 100,
      default: 1,
      description:
        'Times that a job is submitted, each after the one before, where nodes cannot requeue it: no scontrol there',
    },
  },
};
