export { type DrawRequest, drawNetworks, type Nearness } from './truth/draw-networks.js';
export { layOutTruth, type TruthLayout, type TruthRequest } from './truth/lay-out-truth.js';
export type { DrawnNetwork } from './truth/pool.js';
