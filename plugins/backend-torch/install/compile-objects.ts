import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { dirname, join } from 'node:path';
import { partial } from 'dna-nas/files';
import { compileFailed, runTool } from 'dna-nas/install';
import { type BuildRequest, compileWords, kernelWords } from './build-request.js';
import { findSource, withHeaders } from './native-sources.js';
import { TORCH } from './torch.js';

/** One run of a compiler and the file that it makes, which is named by all that decides it. */
interface Job {
  readonly target: string;
  readonly command: string;
  readonly words: readonly string[];
}

/** libtorch's headers are most of the work: they are compiled once. */
const HEADER = 'torch.h';
const JOB_BYTES = 1.5 * 2 ** 30;
const TOLD_EVERY = 10_000;

/**
 * Compiles those of the sources that have no object yet, several at a time.
 * @returns the objects' files.
 * @throws DnaError `BACKEND_COMPILE_FAILED` with what the compiler said.
 */
export async function compileObjects(sources: readonly string[], request: BuildRequest): Promise<string[]> {
  const objects = new Map(sources.map((source) => [source, jobOf(source, request).target]));
  const due = sources.filter((source) => !isMade(objects.get(source)!));
  if (due.length > 0) {
    const many = Math.min(due.length, parallelJobs());
    const unchanged = sources.length - due.length;
    request.told?.(`${due.length} files to compile, ${unchanged} unchanged, ${many} at a time`);
    if (due.some((source) => source.endsWith('.cpp'))) await compileHeader(request);
    await compileAll(due, { many, objects, request });
  }
  return [...objects.values()];
}

/** A crash of the machine may leave a name without content. */
function isMade(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function parallelJobs(): number {
  const memory = process.availableMemory?.() ?? freemem();
  return Math.max(1, Math.min(availableParallelism(), Math.floor(memory / JOB_BYTES)));
}

async function compileHeader(request: BuildRequest): Promise<void> {
  if (!hasHeader(request) || isMade(headerJob(request).target)) return;
  request.told?.('libtorch’s headers first');
  await compile(HEADER, request);
}

async function compileAll(
  due: readonly string[],
  { many, objects, request }: { many: number; objects: Map<string, string>; request: BuildRequest },
): Promise<void> {
  const waiting = [...due];
  const begun = performance.now();
  let told = begun;
  let done = 0;
  const work = async () => {
    for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
      objects.set(source, await compile(source, request));
      done++;
      if (performance.now() - told < TOLD_EVERY) continue;
      told = performance.now();
      request.told?.(`${done} of ${due.length} files, ${((told - begun) / 1000).toFixed(0)} s`);
    }
  };
  const stopAll = (error: unknown) => {
    waiting.length = 0;
    throw error;
  };
  const workers = await Promise.allSettled(Array.from({ length: many }, () => work().catch(stopAll)));
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
}

/** Returns the object; once more where the source was edited meanwhile, as its name would not be that of its content. */
async function compile(source: string, request: BuildRequest): Promise<string> {
  const { target, command, words } = jobOf(source, request);
  const made = partial(target);
  mkdirSync(dirname(target), { recursive: true });
  const result = await runTool(command, [...words, '-o', made], { folder: request.folder });
  if (result?.status !== 0) throw compileFailed(TORCH, source, failure(command, result));
  if (jobOf(source, request).target === target) {
    renameSync(made, target);
    return target;
  }
  rmSync(made);
  return compile(source, request);
}

function failure(command: string, result: Awaited<ReturnType<typeof runTool>>): string {
  if (result === undefined) return `error: ${command} does not run any more`;
  // The kernel ends the largest process of a machine that is out of memory.
  const killed = result.signal === 'SIGKILL' || /Killed signal|cc1plus.*\bKilled\b/.test(result.output);
  return killed
    ? `error: the compiler was ended, perhaps for lack of memory\n${result.output}`
    : result.output;
}

function jobOf(source: string, request: BuildRequest): Job {
  if (source === HEADER) return headerJob(request);
  return source.endsWith('.cu') ? kernelJob(source, request) : objectJob(source, request);
}

function hasHeader({ native }: BuildRequest): boolean {
  return findSource(HEADER, native) !== undefined;
}

function headerJob(request: BuildRequest): Job {
  // Without its warnings: `#pragma once` is one there.
  const words = [...compileWords(request), '-w', '-x', 'c++-header', findSource(HEADER, request.native)!];
  const folder = join(request.folder, `header-${digest(HEADER, words, request)}`);
  return { target: join(folder, `${HEADER}.gch`), command: request.compiler.command, words };
}

function objectJob(source: string, request: BuildRequest): Job {
  const { native, compiler } = request;
  // g++ takes the compiled header where it meets it by the same name, first of all.
  const includes = hasHeader(request) && withHeaders(source, native).includes(HEADER);
  const first = includes ? ['-I', dirname(headerJob(request).target), '-include', HEADER] : [];
  const words = [...first, ...compileWords(request), '-c', findSource(source, native)!];
  return { target: objectFile(source, words, request), command: compiler.command, words };
}

function kernelJob(source: string, request: BuildRequest): Job {
  const { native, cuda } = request;
  const words = [...kernelWords(request), '-c', findSource(source, native)!];
  return { target: objectFile(source, words, request), command: cuda!.nvcc!, words };
}

function objectFile(source: string, words: readonly string[], request: BuildRequest): string {
  const name = source.replaceAll(/[/\\]/g, '-').replace(/\.\w+$/, '');
  return join(request.folder, `${name}-${digest(source, words, request)}.o`);
}

/** Names what an object is made of: source, headers, words, versions. */
function digest(source: string, words: readonly string[], request: BuildRequest): string {
  const { native, compiler, torch } = request;
  const hash = createHash('sha256').update(JSON.stringify([words, compiler, torch.version]));
  for (const file of withHeaders(source, native)) {
    hash.update(`\n${file}\n`).update(readFileSync(findSource(file, native)!));
  }
  return hash.digest('hex').slice(0, 16);
}
