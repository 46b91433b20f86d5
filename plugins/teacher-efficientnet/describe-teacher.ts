import type { TeacherDescription } from 'dna-nas/core/contracts';
import { EfficientNet } from 'dna-nas/nn/networks';
import { describeStages } from 'dna-nas/nn/teacher';
import type { TeacherArchitecture } from './architecture.js';

/** Counts and shapes of a teacher; allocates no tensor. */
export function describeTeacher(
  architecture: TeacherArchitecture,
  { fingerprint, untrained }: { fingerprint: string; untrained: boolean },
): TeacherDescription {
  const { name, spec, image, preprocessing } = architecture;
  const network = new EfficientNet(spec);
  const { params, macs } = network.cost(image);
  const stages = describeStages(network, image);
  return {
    ...{ name: untrained ? `${name} (untrained)` : name, input: image, stages, params, macs, fingerprint },
    ...{ classes: spec.classes, trainableRest: true },
    ...(preprocessing && { preprocessing }),
    ...(untrained && { warning: untrainedWarning(name) }),
  };
}

function untrainedWarning(name: string): string {
  return `The teacher ${name} is UNTRAINED: its weights are random (teacher.weights is "untrained"), so that ratings, the network found and all accuracies mean nothing. This is a trial of the machinery.`;
}
