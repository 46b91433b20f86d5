import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { partial } from 'dna-nas/files';
import { type Compiler, compileFailed, NODE_API, nodeHeaders, runTool } from 'dna-nas/install';
import { CUDA } from './cuda.js';
import type { TensorflowLibrary } from './tensorflow-library.js';

/** Folder of what is compiled, below the backend's own. */
export function buildFolder(home: string): string {
  return join(home, 'build');
}

/** What `installed.json` keeps of our sources: a hash that changes where the binding has to be compiled again. */
export function nativeSources(): string {
  const hash = createHash('sha256').update(JSON.stringify([CODE, CHANGES.map(String)]));
  for (const file of nativeFiles()) hash.update(`\n${basename(file)}\n`).update(readFileSync(file));
  return hash.digest('hex');
}

function nativeFiles(): string[] {
  return [NATIVE, ...BINDING].flatMap(filesIn);
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /\.(h|cc|cpp)$/.test(name));
  return names.sort().map((name) => join(folder, name));
}

/** What the binding is compiled of. */
export interface BindingRequest {
  /** The backend's folder. */
  readonly home: string;
  /** Folder of the node package, with `binding/`. */
  readonly package: string;
  readonly tensorflow: TensorflowLibrary;
  readonly compiler: Compiler;
}

/** Files of what was compiled, named by all that decides them. */
export interface Built {
  readonly binding: string;
  /** The addon that keeps TensorFlow quiet while it is loaded. */
  readonly quiet: string;
}

/** Sources of ours, which the npm package ships as they are, beside those of the node package. */
const NATIVE = fileURLToPath(new URL('../../../../plugins/backend-cuda/native', import.meta.url));
/** Sources that all backends compile into theirs. */
const SHARED = fileURLToPath(new URL('../../../../native', import.meta.url));
/** Folders of what is compiled together with the package's sources. */
const BINDING = [join(NATIVE, 'binding'), SHARED];

const CODE = ['-std=c++17', '-O3', '-march=native', '-fPIC', '-shared', '-w'];
const FLAGS = [...CODE, '-pthread', `-DNAPI_VERSION=${NODE_API}`];

/**
 * Compiles the package's binding with the machine's compiler against a TensorFlow, unless that was done.
 * @throws DnaError `BACKEND_COMPILE_FAILED` with what the compiler said.
 */
export async function compileBinding(request: BindingRequest): Promise<Built> {
  mkdirSync(buildFolder(request.home), { recursive: true });
  const { folder, include, libraries, version } = request.tensorflow;
  const binding = await compile(request, {
    name: 'tfjs_binding',
    sources: [...changedSources(request), ...BINDING.flatMap(filesIn)],
    words: [
      ...BINDING.flatMap((folder) => ['-I', folder]),
      ...['-isystem', include, '-L', folder, ...libraries.map((name) => `-l:${name}`)],
      ...['-Wl,--disable-new-dtags', `-Wl,-rpath,${folder}`],
    ],
    version,
  });
  const quiet = await compile(request, { name: 'quiet', sources: [join(NATIVE, 'quiet.cpp')], words: [] });
  return { binding, quiet };
}

interface Job {
  readonly name: string;
  readonly sources: readonly string[];
  readonly words: readonly string[];
  readonly version?: string | undefined;
}

async function compile({ home, compiler }: BindingRequest, job: Job): Promise<string> {
  const sources = job.sources.filter((file) => /\.(cc|cpp)$/.test(file));
  const defined = `-DNODE_GYP_MODULE_NAME=${job.name}`;
  const words = [...FLAGS, defined, '-isystem', nodeHeaders(), ...sources, ...job.words];
  const target = join(buildFolder(home), `${job.name}-${digest(job, [compiler, words])}.node`);
  if (existsSync(target)) return target;
  const made = partial(target);
  const result = await runTool(compiler.command, [...words, '-o', made]);
  if (result?.status !== 0) {
    const output = result?.output ?? `error: ${compiler.command} does not run any more`;
    throw compileFailed(CUDA, 'The binding', output);
  }
  renameSync(made, target);
  return target;
}

function digest({ sources, version }: Job, others: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify([others, version]));
  for (const file of sources) hash.update(`\n${basename(file)}\n`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** What is changed in the package's sources: a pattern, and what takes its place. */
const CHANGES: readonly (readonly [RegExp, string])[] = [
  // All threads share one list of names in the original, which they change at the same time.
  [/^static (std::set<std::string> ATTR_NAME_SET;)$/m, 'static thread_local $1'],
  // It cannot pass lists of texts and types, which fused ops are told their parts by.
  ...(['STRING', 'TYPE'] as const).map((type): [RegExp, string] => [
    new RegExp(`case TF_ATTR_${type}: \\{`),
    `case TF_ATTR_${type}: {
      if (IsArray(env, nstatus, &js_value)) {
        Assign${type === 'STRING' ? 'String' : 'Type'}List(env, tfe_op, attr_name, js_value);
        break;
      }`,
  ]),
  [/^(void AssignOpAttr\()/m, '#include "attribute-lists.h"\n\n$1'],
];

/** The package's sources as we change them, in a folder of their own. Returns the files. */
function changedSources({ home, package: from }: BindingRequest): string[] {
  const folder = join(buildFolder(home), 'sources');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const source of filesIn(join(from, 'binding'))) {
    const text = readFileSync(source, 'utf8');
    const changed = CHANGES.reduce((made, [pattern, words]) => made.replace(pattern, words), text);
    writeFileSync(join(folder, basename(source)), changed);
  }
  return filesIn(folder);
}
