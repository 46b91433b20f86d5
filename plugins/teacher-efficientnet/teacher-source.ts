import type { PluginRun } from 'dna-nas/core';
import type { StateDict, Teacher, TeacherDescription, TeacherSource } from 'dna-nas/core/contracts';
import { EfficientNet } from 'dna-nas/nn/networks';
import { checkTeacher, FrozenTeacher } from 'dna-nas/nn/teacher';
import { loadStateDict, timmNames } from 'dna-nas/nn/weights';
import { resolveArchitecture, type TeacherArchitecture } from './architecture.js';
import { describeTeacher } from './describe-teacher.js';
import { weightsUnusable } from './errors.js';
import type { TeacherEfficientnetOptions } from './options.js';
import { untrainedFingerprint, untrainedTensors } from './untrained-tensors.js';
import { findWeights, UNTRAINED } from './weights/find-weights.js';
import { readWeights } from './weights/read-weights.js';

/** What a teacher source needs of its run. */
export type TeacherSourceRun = Pick<PluginRun, 'project' | 'seed' | 'files'> & {
  /** Is told what takes long. */
  readonly noticed: (text: string) => void;
};

/** The teacher that the options ask for. */
export function teacherSource(options: TeacherEfficientnetOptions, run: TeacherSourceRun): TeacherSource {
  const isUntrained = options.weights === UNTRAINED && options.weightsFile === undefined;
  const source = isUntrained ? untrainedSource(options, run) : trainedSource(options, run);
  return {
    ...source,
    outline: () => outline(options),
    check: async (dataset, images) => checkTeacher(await source.load(), dataset, images),
  };
}

/** Without the weights: what the name of the network tells, if there is one. */
function outline(options: TeacherEfficientnetOptions): TeacherDescription | undefined {
  if (options.architecture === undefined) return undefined;
  return describeTeacher(resolveArchitecture(options, {}), { fingerprint: '', untrained: false });
}

function trainedSource(options: TeacherEfficientnetOptions, run: TeacherSourceRun): TeacherSource {
  const read = async () => {
    const location = await findWeights(options, run);
    const { tensors, note, fingerprint } = readWeights(location);
    const architecture = resolveArchitecture(options, { note, network: location.network });
    const description = describeTeacher(architecture, { fingerprint, untrained: false });
    return { location, tensors, architecture, description };
  };
  return {
    describe: async () => (await read()).description,
    async load() {
      const { location, tensors, architecture, description } = await read();
      const { stages } = architecture.spec;
      try {
        return create(options, { architecture, description, tensors: timmNames(tensors, stages) });
      } catch (cause) {
        throw weightsUnusable(location.file, cause);
      }
    },
  };
}

function untrainedSource(options: TeacherEfficientnetOptions, run: TeacherSourceRun): TeacherSource {
  const describe = () => {
    const architecture = resolveArchitecture(options, {});
    const fingerprint = untrainedFingerprint(architecture, run.seed);
    return { architecture, description: describeTeacher(architecture, { fingerprint, untrained: true }) };
  };
  return {
    describe: async () => describe().description,
    async load() {
      const { architecture, description } = describe();
      return create(options, {
        architecture,
        description,
        tensors: untrainedTensors(architecture, run.seed),
      });
    },
  };
}

function create(
  { statistics }: TeacherEfficientnetOptions,
  parts: {
    architecture: TeacherArchitecture;
    description: TeacherDescription;
    tensors: StateDict;
  },
): Teacher {
  const { architecture, description, tensors } = parts;
  const network = () => {
    const made = new EfficientNet(architecture.spec);
    loadStateDict(made, tensors);
    return made;
  };
  return new FrozenTeacher(network, { description, statistics });
}
