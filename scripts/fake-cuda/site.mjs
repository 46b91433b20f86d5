// A folder like the one that `dna backend install torch` downloads on a machine with a GPU: libtorch with its CUDA part
// and the CUDA compiler from their wheels, and in place of NVIDIA's libraries, which are 2 GB, the fake ones.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadWheels, findCompiler, readRequirements, unpackWheel, wheelFiles } from 'dna-nas/install';
import { TORCH, TORCH_VERSION } from '../../dist/plugins/backend-torch/install/index.js';
import { buildLibraries } from './libraries.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const COMPILER_PARTS = ['nvcc', 'nvvm', 'crt', 'cccl', 'cudart'];
/** As the installation takes them. */
const TORCH_FILES = /^torch\/(include\/|version\.py$|lib\/(?!libtorch_python|libshm)[^/]*\.so)/;
const TOOLKIT_FILES = /^nvidia\/(?!.*\.(a|py)$)/;

/** Makes what is not there yet. @returns the folder of libtorch */
export async function prepareSite(folder) {
  const site = join(folder, 'site');
  const toolkit = join(site, 'nvidia/cu13');
  const downloaded = join(site, 'downloaded');
  if (!existsSync(downloaded)) await download(folder, site);
  writeFileSync(downloaded, TORCH_VERSION);
  const compiler = await findCompiler(TORCH);
  const built = join(site, 'built');
  const wanted = digest(compiler.name);
  if (!existsSync(built) || readFileSync(built, 'utf8') !== wanted) {
    console.log('fake-cuda: compiling the libraries');
    await buildLibraries({ torch: join(site, 'torch/lib'), toolkit, compiler: compiler.command });
    writeFileSync(built, wanted);
  }
  return join(site, 'torch');
}

async function download(folder, site) {
  const wheels = join(folder, 'wheels');
  const told = (text) => console.log(`fake-cuda: ${text}`);
  const common = { backend: TORCH, folder: wheels, dependencies: false, told };
  told(`downloading torch ${TORCH_VERSION} and the CUDA compiler`);
  await downloadWheels({ ...common, requirements: [`torch==${TORCH_VERSION}`] });
  const version = toolkitVersion(await readRequirements(wheelFiles(wheels, 'torch-')[0]));
  const requirements = [`cuda-toolkit[${COMPILER_PARTS.join(',')}]==${version}`];
  await downloadWheels({ ...common, requirements, dependencies: true });
  for (const wheel of wheelFiles(wheels)) {
    await unpackWheel(wheel, site, basename(wheel).startsWith('torch-') ? TORCH_FILES : TOOLKIT_FILES);
  }
  rmSync(wheels, { recursive: true });
}

function toolkitVersion(required) {
  const versions = required.map((line) => /^cuda-toolkit\[.*\]==([\d.]+)/.exec(line)?.[1]);
  return versions.find((version) => version !== undefined);
}

/** Changes with the sources of the libraries. */
function digest(compiler) {
  const hash = createHash('sha256').update(compiler);
  for (const name of readdirSync(HERE, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.(cpp|h)$|^libraries\.mjs$/.test(name)) hash.update(name).update(readFileSync(join(HERE, name)));
  }
  return hash.digest('hex');
}
