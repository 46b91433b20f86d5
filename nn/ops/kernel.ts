import {
  KERNEL_PREFIX,
  KERNELS,
  type KernelAttributes,
  type KernelInputs,
  type KernelName,
  type KernelOutputs,
  outputsOf,
} from '../kernels/table.js';
import { engine, getBackend, getKernel, type NamedAttrMap, type Tensor, tidy, Variable } from '../tensor.js';
import { keptReference } from '../tensor-reference.js';

let composing = false;

/**
 * Whether an op is to run our kernel of this name: the current backend has it. Asked at each call, since the backend
 * may change.
 */
export function hasKernel(name: KernelName): boolean {
  return !composing && getKernel(KERNEL_PREFIX + name, getBackend()) != null;
}

/** Runs every op within as its composition of plain tfjs ops, whatever kernels there are: what these are compared with. */
export function withoutKernels<Result>(run: () => Result): Result {
  composing = true;
  try {
    return run();
  } finally {
    composing = false;
  }
}

/** Runs our kernel of this name on the current backend; what it takes and answers is its row of `nn/kernels/table.ts`. */
export function runKernel<Name extends KernelName>(
  name: Name,
  inputs: KernelInputs<Name>,
  ...given: keyof KernelAttributes<Name> extends never ? [] : [attributes: KernelAttributes<Name>]
): KernelOutputs<Name> {
  const attributes = (given[0] ?? {}) as NamedAttrMap;
  const outputs = engine().runKernel(KERNEL_PREFIX + name, inputs as Record<string, Tensor>, attributes);
  return outputsOf(
    KERNELS[name].outputs,
    Array.isArray(outputs) ? outputs : [outputs],
  ) as KernelOutputs<Name>;
}

/** A kernel of tfjs's own that no function of tfjs-core's gives access to. */
export function runTfjsKernel(name: string, inputs: Record<string, Tensor>, attributes: object): Tensor {
  return engine().runKernel(name, inputs, attributes as NamedAttrMap) as Tensor;
}

/** The forward and backward pass of an op. Neither is recorded: only the pair is. */
export interface Differentiable<Inputs extends Record<string, Tensor>, Output extends Tensor | Tensor[]> {
  /** The op's name, for errors. */
  readonly op: string;
  /** All float32. */
  readonly inputs: Inputs;
  /**
   * Computes the output; `save` keeps what `backward` needs alive until then. Of several outputs all but the first are
   * constants to the gradient.
   */
  forward(save: (tensors: Tensor[]) => void): Output;
  /**
   * Gets the (first) output's gradient and what was saved. Answers a function for each input, which is called only
   * where that input's gradient is wanted, and returns a tensor of its own (never `dy` itself: tfjs disposes it).
   */
  backward(dy: Tensor, saved: Tensor[]): { [Name in keyof Inputs]: () => Tensor };
}

/** What of tfjs's engine records ops for a backward pass. */
interface Recorder {
  readonly state: { kernelDepth: number };
  isTapeOn(): boolean;
  addTapeNode(
    op: string,
    inputs: Record<string, Tensor>,
    outputs: Tensor[],
    backward: (dy: Tensor) => Record<string, () => Tensor>,
    saved: readonly Tensor[],
  ): void;
}

/** A kernel would read the bits of another type as floats. */
function requireFloat(op: string, inputs: Record<string, Tensor>): void {
  for (const name in inputs) {
    const { dtype } = inputs[name]!;
    if (dtype === 'float32') continue;
    throw new TypeError(`${op}: expected ${name} as float32, found ${dtype}; convert it with tf.cast.`);
  }
}

/**
 * Runs an op with a gradient of its own. This is `tf.customGrad` with three differences: several outputs (batch norm
 * returns its statistics), gradients only of the inputs that need one, and weights that are not cloned to be saved:
 * a clone is an op of its own, and a network has thousands of weights.
 */
export function differentiable<Inputs extends Record<string, Tensor>, Output extends Tensor | Tensor[]>(
  op: Differentiable<Inputs, Output>,
): Output {
  requireFloat(op.op, op.inputs);
  const recorder = engine() as unknown as Recorder;
  if (!recorder.isTapeOn()) return tidy(() => op.forward(() => undefined));
  const { output, saved } = forwardSaving(op, recorder);
  const outputs: Tensor[] = Array.isArray(output) ? output.slice(0, 1) : [output];
  const backward = (dy: Tensor) =>
    op.backward(
      dy,
      saved.map(({ read }) => read()),
    );
  const owned = saved.flatMap(({ owned }) => owned ?? []);
  recorder.addTapeNode(op.op, op.inputs, outputs, backward, owned);
  return output;
}

/** Runs the forward pass; where it fails, nothing is saved. */
function forwardSaving<Inputs extends Record<string, Tensor>, Output extends Tensor | Tensor[]>(
  { op, forward }: Differentiable<Inputs, Output>,
  recorder: Recorder,
): { output: Output; saved: readonly SavedTensor[] } {
  let saved: readonly SavedTensor[] = [];
  const save = (tensors: Tensor[]): void => {
    saved = tensors.map((tensor) => saveTensor(op, tensor));
  };
  try {
    return { output: unrecorded(recorder, () => forward(save)), saved };
  } catch (error) {
    for (const { owned } of saved) owned?.dispose();
    throw error;
  }
}

function unrecorded<Output extends Tensor | Tensor[]>(recorder: Recorder, run: () => Output): Output {
  recorder.state.kernelDepth += 1;
  try {
    return tidy(run);
  } finally {
    recorder.state.kernelDepth -= 1;
  }
}

interface SavedTensor {
  /** What the tape frees behind the backward pass. */
  readonly owned?: Tensor;
  read(): Tensor;
}

/** A weight outlives its backward pass, everything else is held by one more reference to its data. */
function saveTensor(op: string, tensor: Tensor): SavedTensor {
  if (!(tensor instanceof Variable)) {
    const owned = keptReference(tensor);
    return { owned, read: () => owned };
  }
  const { dataId } = tensor;
  return {
    read: () => {
      if (tensor.dataId === dataId) return tensor;
      throw new Error(
        `${op}: the variable "${tensor.name}" was assigned between the forward and the backward pass, so its ` +
          'gradient cannot be computed. Assign weights once the gradients are there.',
      );
    },
  };
}
