import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import { type BuildRequest, compileWords, kernelWords } from './build-request.js';
import { compileFailed } from './errors.js';
import { NATIVE, withHeaders } from './native-sources.js';
import { partial } from './partial.js';
import { runTool } from './run-tool.js';

/** One run of a compiler: what it reads and the file that it makes, which is named by all that decides it. */
interface Job {
  readonly source: string;
  readonly target: string;
  readonly command: string;
  readonly words: readonly string[];
}

/** libtorch's headers are most of the work: they are compiled once. */
const HEADER = 'torch.h';
const JOB_BYTES = 1.5 * 2 ** 30;
const TOLD_EVERY = 10_000;

/**
 * Compiles sources below `native` that have no object yet, several at a time.
 * @returns the objects' files.
 * @throws DnaError `BACKEND_COMPILE_FAILED` with what the compiler said.
 */
export async function compileObjects(sources: readonly string[], request: BuildRequest): Promise<string[]> {
  mkdirSync(request.folder, { recursive: true });
  const header = headerJob(request);
  const jobs = sources.map((source) =>
    source.endsWith('.cu') ? kernelJob(source, request) : objectJob(source, request),
  );
  const due = jobs.filter(({ target }) => !existsSync(target));
  const many = Math.min(due.length, parallelJobs());
  const unchanged = jobs.length - due.length;
  if (due.length > 0)
    request.told?.(`${due.length} files to compile, ${unchanged} unchanged, ${many} at a time`);
  if (header && due.some(({ source }) => source.endsWith('.cpp')) && !existsSync(header.target)) {
    request.told?.('libtorch’s headers first');
    await compile(header, request);
  }
  await inParallel(due, many, request);
  return jobs.map(({ target }) => target);
}

function parallelJobs(): number {
  const memory = process.availableMemory?.() ?? freemem();
  return Math.max(1, Math.min(availableParallelism(), Math.floor(memory / JOB_BYTES)));
}

async function inParallel(due: readonly Job[], many: number, request: BuildRequest): Promise<void> {
  const waiting = [...due];
  const begun = performance.now();
  let told = begun;
  let done = 0;
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      await compile(job, request).catch((error) => {
        waiting.length = 0;
        throw error;
      });
      done++;
      if (performance.now() - told < TOLD_EVERY) continue;
      told = performance.now();
      request.told?.(`${done} of ${due.length} files, ${((told - begun) / 1000).toFixed(0)} s`);
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: many }, work));
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
}

async function compile({ source, target, command, words }: Job, { folder }: BuildRequest): Promise<void> {
  const made = partial(target);
  const result = await runTool(command, [...words, '-o', made], { folder });
  if (result?.status !== 0) throw compileFailed(source, failure(command, result));
  renameSync(made, target);
}

function failure(command: string, result: Awaited<ReturnType<typeof runTool>>): string {
  if (result === undefined) return `error: ${command} does not run any more`;
  // The kernel ends the largest process of a machine that is out of memory.
  const killed = result.signal === 'SIGKILL' || /Killed signal|cc1plus.*\bKilled\b/.test(result.output);
  return killed
    ? `error: the compiler was ended, perhaps for lack of memory\n${result.output}`
    : result.output;
}

function headerJob(request: BuildRequest): Job | undefined {
  const { native = NATIVE, compiler } = request;
  if (!existsSync(join(native, HEADER))) return undefined;
  // Without its warnings: `#pragma once` is one there.
  const words = [...compileWords(request), '-w', '-x', 'c++-header', join(native, HEADER)];
  const folder = join(request.folder, `header-${digest([HEADER], words, request)}`);
  mkdirSync(folder, { recursive: true });
  return { source: HEADER, target: join(folder, `${HEADER}.gch`), command: compiler.command, words };
}

function objectJob(source: string, request: BuildRequest): Job {
  const { native = NATIVE, compiler } = request;
  const header = headerJob(request);
  // g++ takes the compiled header where it meets it by the same name, first of all.
  const first = header ? ['-I', join(header.target, '..'), '-include', HEADER] : [];
  const words = [...first, ...compileWords(request), '-c', join(native, source)];
  return { source, target: objectFile(source, words, request), command: compiler.command, words };
}

function kernelJob(source: string, request: BuildRequest): Job {
  const { native = NATIVE, cuda } = request;
  const words = [...kernelWords(request), '-c', join(native, source)];
  return { source, target: objectFile(source, words, request), command: cuda!.nvcc!, words };
}

function objectFile(source: string, words: readonly string[], request: BuildRequest): string {
  const name = source.replaceAll(/[/\\]/g, '-').replace(/\.\w+$/, '');
  return join(request.folder, `${name}-${digest([source], words, request)}.o`);
}

/** Names what an object is made of: sources, words, versions. */
function digest(sources: readonly string[], words: readonly string[], request: BuildRequest): string {
  const { native = NATIVE, compiler, torch } = request;
  const hash = createHash('sha256').update(JSON.stringify([words, compiler, torch.version]));
  for (const file of sources.flatMap((source) => withHeaders(source, native))) {
    hash.update(`\n${file}\n`).update(readFileSync(join(native, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
