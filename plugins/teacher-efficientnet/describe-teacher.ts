import type { TeacherDescription } from 'dna-nas/core';
import { EfficientNet } from 'dna-nas/nn';
import type { TeacherArchitecture } from './architecture.js';

/** Counts and shapes of a teacher; allocates no tensor. */
export function describeTeacher(architecture: TeacherArchitecture, fingerprint: string): TeacherDescription {
  const { name, spec, image } = architecture;
  const network = new EfficientNet(spec);
  const { params, macs } = network.cost(image);
  const stages = network.stageShapes(image).map((output, stage) => ({ name: `stage ${stage + 1}`, output }));
  return { name, input: image, stages, params, macs, fingerprint };
}
