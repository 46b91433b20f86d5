import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { partial, sweepPartial } from 'dna-nas/files';
import { compileFailed, runTool } from 'dna-nas/install';
import { type BuildRequest, linkWords } from './build-request.js';
import { compileObjects } from './compile-objects.js';
import { type SourceChoice, sourceFiles, sourcesOf } from './native-sources.js';
import { TORCH } from './torch.js';

/** What was compiled. */
export interface Built {
  /** The addon; one of other objects has another name, so that processes that use the old one keep it. */
  readonly addon: string;
  /** Files that it was made of. */
  readonly objects: readonly string[];
  /** As `sourcesOf` gives it. */
  readonly sources: string;
}

/**
 * Compiles what has changed and links the addon.
 * @throws DnaError `BACKEND_COMPILE_FAILED`.
 */
export async function compileAddon(request: BuildRequest): Promise<Built> {
  const choice = openFolder(request);
  const sources = sourcesOf(request.torch.version, choice, request.native);
  const objects = await compileObjects(sourceFiles(choice, request.native), request);
  const addon = await link(['-shared', ...objects, ...linkWords(request)], request);
  return { addon, objects, sources };
}

function openFolder({ folder, cuda }: BuildRequest): SourceChoice {
  mkdirSync(folder, { recursive: true });
  sweepPartial(folder);
  return { cuda: cuda !== undefined, kernels: cuda?.nvcc !== undefined };
}

/** Named by what it is linked of, and not linked again. */
async function link(words: readonly string[], { folder, compiler }: BuildRequest): Promise<string> {
  const hash = createHash('sha256')
    .update(JSON.stringify([compiler, words]))
    .digest('hex')
    .slice(0, 16);
  const target = join(folder, `addon-${hash}.node`);
  if (existsSync(target)) return target;
  const made = partial(target);
  const result = await runTool(compiler.command, [...words, '-o', made]);
  if (result?.status !== 0)
    throw compileFailed(TORCH, basename(target), result?.output ?? 'error: the linker does not run');
  renameSync(made, target);
  return target;
}
