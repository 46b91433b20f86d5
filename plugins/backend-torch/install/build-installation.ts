import { join } from 'node:path';
import { type BuildRequest, usesCuda, usesKernels } from './build-request.js';
import { type Built, compileAddon } from './compile-addon.js';
import { type Installation, torchHome } from './installation.js';

/** Folder of objects and addons below the backend's own. */
export function buildFolder(home = torchHome()): string {
  return join(home, 'build');
}

/** Compiles the addon; `installed.json` is the caller's, once it is known to work. */
export async function buildInstallation(request: BuildRequest): Promise<Installation> {
  const built: Built = await compileAddon(request);
  const { torch, compiler } = request;
  return {
    torch: torch.version,
    folder: torch.folder,
    cuda: usesCuda(request) ? torch.cuda : null,
    kernels: usesKernels(request),
    addon: built.addon,
    sources: built.sources,
    instructions: compiler.instructions,
    compiler: compiler.name,
  };
}
