import type { FeatureShape } from 'dna-nas/core';
import {
  type EfficientNetSpec,
  type EfficientNetSpecOptions,
  type EfficientNetVariant,
  efficientNetLiteSpec,
  efficientNetSpec,
  efficientNetVariant,
} from 'dna-nas/nn';
import type { CustomArchitecture } from './architecture-schema.js';
import { noArchitecture, unreadableArchitecture } from './errors.js';
import type { TeacherEfficientnetOptions } from './options.js';

/** Everything that makes a teacher but its weights. */
export interface TeacherArchitecture {
  readonly name: string;
  readonly spec: EfficientNetSpec;
  readonly image: FeatureShape;
}

/** What a weights file of ours says about itself, in its metadata under `teacher`. */
export interface TeacherNote {
  readonly architecture: string | CustomArchitecture;
  readonly image: FeatureShape;
  readonly classes: number;
}

const IMAGENET: FeatureShape = { height: 224, width: 224, channels: 3 };

/** Key of the note in a weights file's metadata. */
export const NOTE_KEY = 'teacher';

/** Puts together what the options say and, where they are silent, what the weights file says. */
export function resolveArchitecture(
  options: Pick<TeacherEfficientnetOptions, 'architecture' | 'image' | 'classes'>,
  note: TeacherNote | undefined,
): TeacherArchitecture {
  const architecture = options.architecture ?? note?.architecture;
  if (architecture === undefined) throw noArchitecture();
  const image = options.image ?? note?.image ?? IMAGENET;
  const classes = options.classes ?? note?.classes ?? 1000;
  const common = { classes, inputChannels: image.channels };
  if (typeof architecture === 'string') {
    return { name: architecture, image, spec: namedSpec(architecture, common) };
  }
  try {
    return {
      name: architecture.name ?? 'custom EfficientNet',
      image,
      spec: customSpec(architecture, common),
    };
  } catch (cause) {
    throw unreadableArchitecture(cause);
  }
}

/** timm's two families: `tf_` pads as TensorFlow and has its epsilon. */
function namedSpec(name: string, common: EfficientNetSpecOptions): EfficientNetSpec {
  const tensorFlow = name.startsWith('tf_');
  const variant = name.replace(/^(tf_)?efficientnet_/, '');
  const options: EfficientNetSpecOptions = {
    ...common,
    padding: tensorFlow ? 'same' : 'symmetric',
    batchNorm: { epsilon: tensorFlow ? 1e-3 : 1e-5 },
  };
  if (variant === 'lite0') return efficientNetLiteSpec(options);
  return efficientNetVariant(variant as EfficientNetVariant, options);
}

function customSpec(architecture: CustomArchitecture, common: EfficientNetSpecOptions): EfficientNetSpec {
  const { name: _, stages, batchNormEpsilon = 1e-3, padding = 'same', ...rest } = architecture;
  return efficientNetSpec({
    ...rest,
    ...common,
    padding,
    batchNorm: { epsilon: batchNormEpsilon },
    stages: stages.map((stage) => stage.trim().split(/\s+/)),
  });
}
