import type { Preprocessing } from 'dna-nas/core/contracts';

const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const HALVES = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;

/** What a row has beside size and crop, where it is not ImageNet's mean and deviation, bicubic and a centre crop. */
type More = Partial<Omit<Preprocessing, 'size' | 'crop'>>;
type Row = readonly [weights: string, size: number, crop: number, more?: More];

const BILINEAR = { ...HALVES, interpolation: 'bilinear' } as const;

/** timm measures these at a larger size than they were trained at, and on whole images. */
const testedAt = (size: number) => ({ test: { size, crop: 1 } });

/** Tags of the largest networks, which were not published as plainly trained. */
const NO_PLAIN = ['ns_jft_in1k', 'ap_in1k', 'aa_in1k'];

/**
 * Weights of ImageNet's 1000 classes as timm publishes them: name and tag, height and width of the images, the share
 * of the resized image that its centre crop is, and what else is unusual. The first row of a network is its default. A
 * row without a tag is a network that timm has no weights of; DNA's are as their authors test them.
 */
const TABLE: readonly Row[] = [
  ['dna-a', 224, 0.875],
  ['dna-b', 224, 0.875],
  ['dna-c', 224, 0.875],
  ['dna-d', 224, 0.875],
  ['efficientnet_b0.ra_in1k', 224, 0.875],
  ['efficientnet_b0.ra4_e3600_r224_in1k', 224, 0.9, { ...HALVES, ...testedAt(256) }],
  ['efficientnet_b1.ra4_e3600_r240_in1k', 240, 0.9, { ...HALVES, ...testedAt(288) }],
  ['efficientnet_b1.ft_in1k', 224, 0.875, testedAt(256)],
  ['efficientnet_b2.ra_in1k', 256, 0.875, testedAt(288)],
  ['efficientnet_b3.ra2_in1k', 288, 0.875, testedAt(320)],
  ['efficientnet_b4.ra2_in1k', 320, 0.875, testedAt(384)],
  ['efficientnet_b5.sw_in12k_ft_in1k', 448, 1, { cropMode: 'squash' }],
  ['efficientnet_b6', 528, 0.942],
  ['efficientnet_b7', 600, 0.949],
  ['efficientnet_lite0.ra_in1k', 224, 0.875],
  ['efficientnet_lite1', 240, 0.882],
  ['efficientnet_lite2', 260, 0.89],
  ['efficientnet_lite3', 300, 0.904],
  ['efficientnet_lite4', 380, 0.922],
  ...tensorFlow('b0', 224, 0.875),
  ...tensorFlow('b1', 240, 0.882),
  ...tensorFlow('b2', 260, 0.89),
  ...tensorFlow('b3', 300, 0.904),
  ...tensorFlow('b4', 380, 0.922),
  ...tensorFlow('b5', 456, 0.934),
  ['tf_efficientnet_b5.ra_in1k', 456, 0.934],
  ...tensorFlow('b6', 528, 0.942, NO_PLAIN),
  ...tensorFlow('b7', 600, 0.949, NO_PLAIN),
  ['tf_efficientnet_b7.ra_in1k', 600, 0.949],
  ['tf_efficientnet_lite0.in1k', 224, 0.875, HALVES],
  ['tf_efficientnet_lite1.in1k', 240, 0.882, HALVES],
  ['tf_efficientnet_lite2.in1k', 260, 0.89, HALVES],
  ['tf_efficientnet_lite3.in1k', 300, 0.904, BILINEAR],
  ['tf_efficientnet_lite4.in1k', 380, 0.92, BILINEAR],
];

/** The weights that TensorFlow's networks were published with; those of AdvProp normalise pixels by halves. */
function tensorFlow(
  variant: string,
  size: number,
  crop: number,
  tags: readonly string[] = [...NO_PLAIN, 'in1k'],
): Row[] {
  return tags.map((tag) => {
    const weights = `tf_efficientnet_${variant}.${tag}`;
    return tag === 'ap_in1k' ? [weights, size, crop, HALVES] : [weights, size, crop];
  });
}

/** Published weights of a network. */
export interface ImageNetWeights {
  /** timm's name of the network, `tf_efficientnet_b0`. */
  readonly network: string;
  /** timm's tag of the weights, `ns_jft_in1k`; undefined where there are none. */
  readonly tag: string | undefined;
  readonly preprocessing: Preprocessing;
}

/**
 * What timm says about the weights of a name: `tf_efficientnet_b0.ap_in1k`, or `tf_efficientnet_b0` for the default
 * ones; undefined where it knows none.
 */
export function imageNetWeights(name: string): ImageNetWeights | undefined {
  const row = TABLE.find(([weights]) => weights === name || weights.split('.')[0] === name);
  if (!row) return undefined;
  const [weights, size, crop, more] = row;
  const [network, tag] = weights.split('.') as [string, string | undefined];
  return { network, tag, preprocessing: { size, ...IMAGENET, interpolation: 'bicubic', crop, ...more } };
}

/** Every name of weights with its tag. */
export const IMAGENET_WEIGHTS: readonly string[] = TABLE.map(([weights]) => weights).filter((name) =>
  name.includes('.'),
);
