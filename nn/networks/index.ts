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
  EFFICIENTNET_STAGES,
  EFFICIENTNET_VARIANTS,
  type EfficientNetSpecOptions,
  type EfficientNetVariant,
  efficientNetLiteSpec,
  efficientNetSpec,
  efficientNetVariant,
} from './efficientnet-spec.js';
export { DNA_STAGES, type DnaName, dnaText, PUBLISHED_NETWORKS, publishedNetwork } from './published.js';
export { roundChannels, scaleRepeats } from './scaling.js';
