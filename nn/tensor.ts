/**
 * The one door to tfjs: everything of ours imports the tensor API from here, so that gradients are registered
 * exactly once and only one copy of the engine exists.
 */
import './register-gradients.js';

export * from '@tensorflow/tfjs-core';
