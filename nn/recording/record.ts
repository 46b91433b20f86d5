import type { RandomStream } from 'dna-nas/core';
import { engine, getKernelsForBackend, type Tensor, tensor, type Variable } from '../tensor.js';
import type { Program } from './program.js';
import { RecordedStream } from './recorded-stream.js';
import { Recorder } from './recorder.js';

/** What a recorded computation answered, and what repeats it. */
export interface Recorded<Result> {
  readonly result: Result;
  /** Nothing where it cannot be repeated. */
  readonly program: Program | undefined;
  /** Why it cannot. */
  readonly obstacle: string | undefined;
}

export interface Computation<Result> {
  readonly inputs: readonly Tensor[];
  /** What `run` draws from. */
  readonly random?: RandomStream;
  /**
   * May depend on the inputs, on variables, and on what `drawn` takes from the stream; all else that it uses is taken
   * for constant.
   */
  run(random: RandomStream | undefined): Result;
  /** Those of the result's tensors that the program is to answer. */
  outputs(result: Result): readonly Tensor[];
}

let current: Recorder | undefined;

/** Runs a computation and notes the kernels that it calls, those of its gradients included. */
export function record<Result>({ inputs, random, run, outputs }: Computation<Result>): Recorded<Result> {
  if (current)
    throw new Error('A recording is at work already: one computation is recorded after the other.');
  const recorder = new Recorder(inputs);
  const drawnFrom = () => recorder.giveUp('it draws without `drawn`');
  const stream = random && new RecordedStream(random, drawnFrom);
  let result: Result;
  try {
    result = watched(recorder, () => run(stream));
  } catch (error) {
    recorder.dispose();
    throw error;
  }
  const program = recorder.finish(outputs(result));
  return { result, program, obstacle: recorder.obstacle };
}

/** A new tensor of numbers that are drawn from a stream: anew at each run, where this is recorded. */
export function drawn(
  shape: readonly number[],
  random: RandomStream,
  fill: (random: RandomStream) => Float32Array,
): Tensor {
  const source = random instanceof RecordedStream ? random.source : random;
  const made = tensor(fill(source), [...shape], 'float32');
  current?.drawn(made, random, fill);
  return made;
}

/** Gives a variable the data of a tensor, which stays the caller's. */
export function assign(variable: Variable, fresh: Tensor): void {
  current?.assign(variable, fresh);
  variable.assign(fresh as Tensor<never>);
}

/** Tells the recorder of every kernel that tfjs's engine calls, and of every tensor that is read. */
function watched<Result>(recorder: Recorder, run: () => Result): Result {
  const { backend, backendName } = engine();
  const kernels = getKernelsForBackend(backendName);
  const functions = kernels.map(({ kernelFunc }) => kernelFunc);
  const { read, readSync } = backend;
  kernels.forEach((kernel, index) => {
    const call = functions[index]!;
    kernel.kernelFunc = (parts) => recorder.kernel(call, parts);
  });
  backend.read = (dataId) => recorder.reads(() => read.call(backend, dataId));
  backend.readSync = (dataId) => recorder.reads(() => readSync.call(backend, dataId));
  current = recorder;
  try {
    return run();
  } finally {
    current = undefined;
    Object.assign(backend, { read, readSync });
    kernels.forEach((kernel, index) => {
      kernel.kernelFunc = functions[index]!;
    });
  }
}
