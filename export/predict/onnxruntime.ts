import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { noRuntime } from '../errors.js';

/** The part of onnxruntime's packages that is used. */
export interface OnnxRuntime {
  readonly env?: {
    readonly versions?: { readonly common?: string };
    readonly wasm?: { numThreads?: number };
  };
  readonly InferenceSession: {
    create(model: Uint8Array, options?: SessionOptions): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => OnnxTensor;
}

export interface SessionOptions {
  /** Threads of one operation. */
  readonly intraOpNumThreads?: number;
}

export interface OnnxTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export interface OnnxSession {
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

/** The native one is several times as fast; the other is WebAssembly, which has no install script. */
export const RUNTIMES = ['onnxruntime-node', 'onnxruntime-web'] as const;

export interface LoadedRuntime {
  readonly name: (typeof RUNTIMES)[number];
  readonly version: string;
  readonly runtime: OnnxRuntime;
}

export interface RuntimeRequest {
  readonly threads?: number;
  /** What can be done without it, for its absence: `predict by the run`. */
  readonly otherwise: string;
}

/** onnxruntime as it is installed in the project, or beside this package. @throws DnaError `PREDICT_RUNTIME` */
export async function loadOnnxRuntime(
  project: string,
  { threads, otherwise }: RuntimeRequest,
): Promise<LoadedRuntime> {
  const problems: string[] = [];
  for (const name of RUNTIMES) {
    const file = resolvePackage(name, project);
    if (file === undefined) continue;
    try {
      const loaded = await import(pathToFileURL(file).href);
      const runtime = (loaded.default ?? loaded) as OnnxRuntime;
      // The one of WebAssembly has its threads for all sessions.
      if (threads !== undefined && runtime.env?.wasm) runtime.env.wasm.numThreads = threads;
      return { name, version: runtime.env?.versions?.common ?? 'of unknown version', runtime };
    } catch (cause) {
      problems.push(`${name} does not load: ${(cause as Error).message.split('\n')[0]}`);
    }
  }
  throw noRuntime(problems, otherwise);
}

function resolvePackage(name: string, project: string): string | undefined {
  for (const from of [join(project, 'package.json'), import.meta.url]) {
    try {
      return createRequire(from).resolve(name);
    } catch {
      // Not here.
    }
  }
  return undefined;
}
