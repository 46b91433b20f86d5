export { evaluateTop1 } from './accuracy.js';
export {
  type BlockSpec,
  expandStage,
  formatBlock,
  formatStages,
  type LayerSpec,
  parseBlock,
  parseStages,
} from './block-notation.js';
export { EfficientNet, type EfficientNetSpec } from './efficientnet.js';
export {
  EFFICIENTNET_LITE_VARIANTS,
  EFFICIENTNET_STAGES,
  EFFICIENTNET_VARIANTS,
  type EfficientNetLiteVariant,
  type EfficientNetSpecOptions,
  type EfficientNetVariant,
  efficientNetLiteSpec,
  efficientNetLiteVariant,
  efficientNetSpec,
  efficientNetVariant,
  scaleNetwork,
} from './efficientnet-spec.js';
export {
  IMAGENET_WEIGHTS,
  type ImageNetWeights,
  imageNetWeights,
  type Preprocessing,
} from './imagenet-weights.js';
export { DNA_STAGES, type DnaName, dnaText, PUBLISHED_NETWORKS, publishedNetwork } from './published.js';
export { roundChannels, scaleRepeats } from './scaling.js';
