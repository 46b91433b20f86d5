import type { JsonObject, OptionsSchema } from 'dna-nas/core';

export interface LauncherKubernetesOptions {
  readonly image: string;
  readonly volume: string;
  readonly mount?: string;
  readonly namespace?: string;
  readonly queue?: string;
  readonly resources: JsonObject;
  readonly pod: JsonObject;
  readonly parallelism?: number;
  readonly graceSeconds: number;
  readonly retries: number;
  readonly prepare: 'here' | 'job';
}

/** Of Kubernetes' labels and names. */
const NAME = '^[a-z0-9][-a-z0-9.]*$';

export const launcherKubernetesOptions: OptionsSchema<LauncherKubernetesOptions> = {
  required: ['image', 'volume'],
  properties: {
    image: {
      type: 'string',
      kind: 'machine',
      minLength: 1,
      description: 'Image of the pods, as a registry has it; the launch writes a Dockerfile for one',
    },
    volume: {
      type: 'string',
      kind: 'machine',
      pattern: NAME,
      description:
        'PersistentVolumeClaim with the project, the package and the runs, which many pods may write to',
    },
    mount: {
      type: 'string',
      kind: 'machine',
      pattern: '^/',
      description: "Where the volume is, here and in the pods; by default the project's folder",
    },
    namespace: {
      type: 'string',
      kind: 'machine',
      pattern: NAME,
      description: 'Namespace of the jobs; by default the one that kubectl is set to',
    },
    queue: {
      type: 'string',
      kind: 'machine',
      pattern: NAME,
      description: 'LocalQueue of Kueue that the jobs wait in; by default they start at once',
    },
    resources: {
      type: 'object',
      kind: 'machine',
      default: {},
      additionalProperties: { type: 'object' },
      description: "What a pod is given: { limits: { cpu: 8, memory: 32Gi, 'nvidia.com/gpu': 1 } }",
    },
    pod: {
      type: 'object',
      kind: 'machine',
      default: {},
      propertyNames: { not: { enum: ['containers', 'restartPolicy', 'volumes'] } },
      description:
        'Further fields of the pods: nodeSelector, tolerations, priorityClassName, securityContext, …',
    },
    parallelism: {
      type: 'integer',
      kind: 'machine',
      minimum: 1,
      description: 'Pods of a job at a time; by default all',
    },
    graceSeconds: {
      type: 'integer',
      kind: 'machine',
      minimum: 10,
      default: 60,
      description: 'Seconds that a pod has to save its state when it is asked to end',
    },
    retries: {
      type: 'integer',
      kind: 'machine',
      minimum: 0,
      default: 6,
      description:
        'Times that a pod which was killed is started again; those that saved their state do not count',
    },
    prepare: {
      enum: ['here', 'job'],
      kind: 'machine',
      default: 'here',
      description:
        'Where tasks are laid out: here, or in a first job, where this machine lacks what nodes have',
    },
  },
};
