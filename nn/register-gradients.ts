/** Registers tfjs-core's gradients. Node cannot import them as they are: the build puts them in here. */
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
