/** Arithmetic on spaces: paths and their numbers, counts of networks, costs, networks that are given by their text. */
export { addCosts, type FurtherCosts } from './add-costs.js';
export { canonicalChoice } from './canonical-choice.js';
export { allCells, behindImage } from './cells.js';
export { depthOf } from './depth-of.js';
export { describeGiven, type Given, planNetwork } from './given-network.js';
export { candidateCount, networkCount, showCount } from './network-count.js';
export { numberOfPath, pathCount, pathOf } from './paths.js';
