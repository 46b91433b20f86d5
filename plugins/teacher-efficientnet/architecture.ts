import type { FeatureShape, Preprocessing } from 'dna-nas/core/contracts';
import {
  type EfficientNetSpec,
  type EfficientNetSpecOptions,
  efficientNetSpec,
  imageNetWeights,
  publishedNetwork,
} from 'dna-nas/nn/networks';
import type { CustomArchitecture } from './architecture-schema.js';
import { noArchitecture, unreadableArchitecture } from './errors.js';
import type { TeacherEfficientnetOptions } from './options.js';

/** Everything that makes a teacher but its weights. */
export interface TeacherArchitecture {
  readonly name: string;
  readonly spec: EfficientNetSpec;
  readonly image: FeatureShape;
  /** How its images were made ready, where the name tells. */
  readonly preprocessing?: Preprocessing;
}

/** What a weights file of ours says about itself, in its metadata under `teacher`. */
export interface TeacherNote {
  readonly architecture: string | CustomArchitecture;
  readonly image: FeatureShape;
  readonly classes: number;
  /** How its images were made ready, where it was tuned from weights of which that is known. */
  readonly preprocessing?: Preprocessing;
}

/** What is known about a teacher beside its options. */
export interface KnownAboutTeacher {
  readonly note?: TeacherNote | undefined;
  /** Network with the tag of its weights, as the place of the weights tells it. */
  readonly network?: string | undefined;
}

export type ArchitectureOptions = Pick<TeacherEfficientnetOptions, 'architecture' | 'image' | 'classes'>;

const IMAGENET: FeatureShape = { height: 224, width: 224, channels: 3 };

/** Key of the note in a weights file's metadata. */
export const NOTE_KEY = 'teacher';

/** Puts together what the options say and, where they are silent, what the weights or their place say. */
export function resolveArchitecture(
  options: ArchitectureOptions,
  { note, network }: KnownAboutTeacher,
): TeacherArchitecture {
  const architecture = options.architecture ?? note?.architecture ?? network;
  if (architecture === undefined) throw noArchitecture();
  const known = imageNetWeights(network ?? (typeof architecture === 'string' ? architecture : ''));
  const image = imageOf(options.image ?? note?.image, known?.preprocessing);
  const classes = options.classes ?? note?.classes ?? 1000;
  const common = { classes, inputChannels: image.channels };
  const made = note?.preprocessing ?? known?.preprocessing;
  const preprocessing = made && { preprocessing: made };
  if (typeof architecture === 'string') {
    return { name: architecture, image, spec: namedSpec(architecture, common), ...preprocessing };
  }
  try {
    return {
      name: architecture.name ?? 'custom EfficientNet',
      image,
      spec: customSpec(architecture, common),
      ...preprocessing,
    };
  } catch (cause) {
    throw unreadableArchitecture(cause);
  }
}

function imageOf(given: FeatureShape | 'own' | 'test' | undefined, known: Preprocessing | undefined) {
  if (typeof given === 'object') return given;
  if (!given || !known) return IMAGENET;
  const { size } = given === 'test' ? (known.test ?? known) : known;
  return { height: size, width: size, channels: 3 };
}

/** timm's tag of the weights (`tf_efficientnet_b0.ap_in1k`) makes no other network. */
function namedSpec(name: string, common: EfficientNetSpecOptions): EfficientNetSpec {
  return publishedNetwork(name.split('.')[0]!, common)!;
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
