import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { tf } from 'dna-nas/nn';
import { unknownOperation, valuesRead } from '../errors.js';
import { MAPPINGS } from '../kernels/index.js';
import type { Constant, Operand, Traced } from './operand.js';
import type { Recording } from './recording.js';

const NAME = 'dna-onnx';
const CPU = 'cpu';

type DataId = tf.TensorInfo['dataId'];

/**
 * A backend of tfjs that computes nothing of what depends on the images: it records which kernels are called. Tensors
 * with values, weights above all, are plain ones of tfjs's JavaScript backend, whose kernels compute what is made of
 * them alone.
 */
class TracingBackend extends MathBackendCPU {
  readonly #traced = new WeakMap<DataId, Traced>();
  /** Names of the network's tensors that a constant comes from. */
  readonly #sources = new WeakMap<DataId, readonly string[]>();
  /** Undefined while nothing is traced. */
  recording: Recording | undefined;

  constructor() {
    super();
    // Its advice to install another package is not for our users' terminals.
    (this as unknown as { firstUse: boolean }).firstUse = false;
  }

  /** Says which tensor of the network a constant is. */
  nameSource(dataId: DataId, name: string): void {
    this.#sources.set(dataId, [name]);
  }

  addTraced(traced: Traced): tf.TensorInfo {
    const dataId = this.write(new Float32Array(0), [], 'float32');
    this.#traced.set(dataId, traced);
    return { dataId, shape: [...traced.shape], dtype: 'float32' };
  }

  operand({ dataId, shape }: tf.TensorInfo): Operand {
    const traced = this.#traced.get(dataId);
    return traced ?? this.#constant(dataId, shape);
  }

  #constant(dataId: DataId, shape: readonly number[]): Constant {
    const values = new Float32Array(this.data.get(dataId).values as Float32Array);
    return { kind: 'constant', shape, values, sources: this.#sources.get(dataId) ?? [] };
  }

  isTraced({ dataId }: tf.TensorInfo): boolean {
    return this.#traced.has(dataId);
  }

  /** What is computed from constants comes from all that they come from. */
  inheritSources(from: readonly tf.TensorInfo[], to: readonly tf.TensorInfo[]): void {
    const sources = [...new Set(from.flatMap(({ dataId }) => this.#sources.get(dataId) ?? []))];
    for (const { dataId } of to) this.#sources.set(dataId, sources);
  }

  override readSync(dataId: DataId): ReturnType<MathBackendCPU['readSync']> {
    this.#requireValues(dataId);
    return super.readSync(dataId);
  }

  override async read(dataId: DataId): ReturnType<MathBackendCPU['read']> {
    this.#requireValues(dataId);
    return super.read(dataId);
  }

  #requireValues(dataId: DataId): void {
    if (this.#traced.has(dataId)) throw valuesRead(this.recording?.layer ?? '');
  }
}

let backend: TracingBackend | undefined;

/** The backend, registered once with a kernel for whatever the network may call. */
function tracingBackend(): TracingBackend {
  if (backend) return backend;
  const made = new TracingBackend();
  // Below all others: tfjs takes the highest by itself.
  tf.registerBackend(NAME, () => made, -1);
  const plain = tf.getKernelsForBackend(CPU).map(({ kernelName }) => kernelName);
  for (const kernelName of new Set([...plain, ...Object.keys(MAPPINGS)]))
    tf.registerKernel({
      kernelName,
      backendName: NAME,
      kernelFunc: (call) => runKernel(made, kernelName, call),
    });
  backend = made;
  return made;
}

type Call = Parameters<tf.KernelFunc>[0];

function runKernel(on: TracingBackend, kernel: string, call: Call): tf.TensorInfo | tf.TensorInfo[] {
  const given = inputsOf(call).map(([, input]) => input);
  const computed = given.some((input) => on.isTraced(input)) ? undefined : compute(on, kernel, call);
  if (computed === undefined) return record(on, kernel, call);
  on.inheritSources(given, [computed].flat());
  return computed;
}

/** Inputs by name, without those that are left out. */
function inputsOf({ inputs }: Call): [name: string, input: tf.TensorInfo][] {
  return Object.entries(inputs).flatMap(([name, input]) => (input ? [[name, input]] : []));
}

/** The kernel's values, all inputs being constants; undefined where tfjs's JavaScript backend does not have it. */
function compute(on: TracingBackend, kernel: string, { inputs, attrs }: Call) {
  return tf.getKernel(kernel, CPU)?.kernelFunc({ inputs, attrs: attrs as never, backend: on });
}

function record(on: TracingBackend, kernel: string, call: Call): tf.TensorInfo | tf.TensorInfo[] {
  const recording = on.recording!;
  const mapping = Object.hasOwn(MAPPINGS, kernel) ? MAPPINGS[kernel] : undefined;
  if (!mapping) throw unknownOperation(kernel, recording.layer);
  const operands = inputsOf(call).map(([name, input]) => [name, on.operand(input)] as const);
  const results = mapping({
    kernel,
    inputs: Object.fromEntries(operands),
    attributes: call.attrs ?? {},
    recording,
  });
  return 'kind' in results ? on.addTraced(results) : results.map((result) => on.addTraced(result));
}

/** Runs a function while the tracing backend is the current one; the one before is current again afterwards. */
export async function withTracingBackend<Result>(
  run: (backend: TracingBackend) => Result,
): Promise<Awaited<Result>> {
  const before = tf.getBackend();
  const on = tracingBackend();
  await tf.setBackend(NAME);
  try {
    return await run(on);
  } finally {
    on.recording = undefined;
    if (before) await tf.setBackend(before);
  }
}

export type { TracingBackend };
