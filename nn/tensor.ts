/**
 * The one door to tfjs: everything of ours imports the tensor API from here, so that gradients are registered
 * exactly once and only one copy of the engine exists.
 */
// tfjs-core comes first: the copy loaded first makes the engine that both share, and the gradients' own copy is
// without what `tensor.clone()` and its like need.
export * from './tfjs-core.js';

import './register-gradients.js';
