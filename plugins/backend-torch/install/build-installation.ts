import { join } from 'node:path';
import type { BuildRequest } from './build-request.js';
import { type Built, compileAddon } from './compile-addon.js';
import { type Installation, torchHome } from './installation.js';

/** Folder of objects and addons below the backend's own. */
export function buildFolder(home = torchHome()): string {
  return join(home, 'build');
}

/** Compiles the addon and says what `installed.json` is to hold once it is known to work. */
export async function buildInstallation(
  request: BuildRequest,
): Promise<{ installation: Installation; built: Built }> {
  const built = await compileAddon(request);
  const { torch, compiler, cuda } = request;
  const installation = {
    torch: torch.version,
    folder: torch.folder,
    cuda: cuda?.version ?? null,
    kernels: cuda?.nvcc !== undefined,
    architectures: cuda?.architectures ?? [],
    addon: built.addon,
    sources: built.sources,
    instructions: compiler.instructions,
    compiler: compiler.name,
  };
  return { installation, built };
}
