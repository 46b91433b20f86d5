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
  efficientNetLiteSpec,
  efficientNetSpec,
  type EfficientNetSpecOptions,
  efficientNetVariant,
  type EfficientNetVariant,
} from './efficientnet-spec.js';
export { roundChannels, scaleRepeats } from './scaling.js';
