/** Optimisers: how a gradient moves parameters. */
export { optimiserAdam } from './adam.js';
export { optimiserRmsprop } from './rmsprop.js';
export { optimiserSgd } from './sgd.js';
