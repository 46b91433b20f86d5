/** What tests, CI and scripts use of the installation; the plugin itself takes the commands. */
export { buildFolder, buildInstallation } from './build-installation.js';
export type { BuildRequest } from './build-request.js';
export { compileAddon } from './compile-addon.js';
export { type CudaTools, findCudaTools } from './cuda-tools.js';
export { type Installation, readInstallation, torchHome, writeInstallation } from './installation.js';
export { TORCH } from './torch.js';
export { openTorch, TORCH_VERSION, type TorchLibrary } from './torch-library.js';
