/** EfficientNets, the published networks of DNA, and the notation of their blocks. */
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
  type EfficientNetSpecOptions,
  type EfficientNetVariant,
  efficientNetSpec,
  efficientNetVariant,
  scaleNetwork,
} from './efficientnet-spec.js';
export { IMAGENET_WEIGHTS, type ImageNetWeights, imageNetWeights } from './imagenet-weights.js';
export { DNA_STAGES, type DnaName, dnaText, PUBLISHED_NETWORKS, publishedNetwork } from './published.js';
export { roundChannels, scaleRepeats } from './scaling.js';
