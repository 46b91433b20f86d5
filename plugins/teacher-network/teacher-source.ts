import type { PluginRun } from 'dna-nas/core';
import type { TeacherDescription, TeacherSource } from 'dna-nas/core/contracts';
import {
  checkTeacher,
  describeStages,
  FrozenTeacher,
  isStagedModule,
  type StagedModule,
} from 'dna-nas/nn/teacher';
import { loadStateDict } from 'dna-nas/nn/weights';
import { planTrained, type TrainedFile } from 'dna-nas/run-tools';
import { cannotBeCut, noArchitecture, noShape, weightsUnusable } from './errors.js';
import type { TeacherNetworkOptions } from './options.js';
import { findWeights, readTrained } from './weights.js';

/** The teacher that the options ask for: a network that the run's space builds. */
export function teacherSource(run: PluginRun, options: TeacherNetworkOptions): TeacherSource {
  const open = async () => {
    const file = findWeights(options, run.project);
    const trained = readTrained(file);
    return { file, trained, ...(await planTeacher(run, options, { file, trained })) };
  };
  const load = async () => {
    const { file, trained, create, description } = await open();
    const network = () => {
      const made = create();
      loadStateDict(made, trained.tensors);
      return made;
    };
    try {
      return new FrozenTeacher(network, { description, statistics: options.statistics });
    } catch (cause) {
      throw weightsUnusable(file, cause);
    }
  };
  return {
    describe: async () => (await open()).description,
    load,
    check: async (dataset, images) => checkTeacher(await load(), dataset, images),
  };
}

/** How to make the network without its weights, for the images and classes that it was trained with. Allocates no tensor. */
async function planTeacher(
  run: PluginRun,
  { architecture }: TeacherNetworkOptions,
  { file, trained }: { readonly file: string; readonly trained: TrainedFile },
): Promise<{ create: () => StagedModule; description: TeacherDescription }> {
  const { shape: told, fingerprint } = trained;
  const { image, classes, batchNormEpsilon, architecture: name = architecture } = told;
  if (name === undefined) throw noArchitecture(file);
  if (image === undefined || classes === undefined) throw noShape(file);
  const space = await run.resolve('resolveSpace', 'space');
  const shape = { architecture: architecture ?? name, image, classes, batchNormEpsilon };
  const plan = planTrained(space, shape);
  const create = () => {
    const network = plan.create();
    if (!isStagedModule(network)) throw cannotBeCut(space.name);
    return network;
  };
  const network = create();
  const { params, macs } = network.cost(image);
  const stages = describeStages(network, image);
  const description = {
    name: architecture ?? name,
    input: image,
    stages,
    params,
    macs,
    fingerprint,
    classes,
    trainableRest: network.forwardFrom !== undefined && network.tensorsBehind !== undefined,
  };
  return { create, description };
}
