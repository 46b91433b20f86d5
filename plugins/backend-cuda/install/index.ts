/** What tests, CI and scripts use of the installation; the plugin itself takes the commands. */
export { CUDA, cudaHome } from './cuda.js';
export { gpuFault } from './gpu-fault.js';
export { type Installation, readInstallation, writeInstallation } from './installation.js';
export { openTensorflow, type TensorflowLibrary } from './tensorflow-library.js';
