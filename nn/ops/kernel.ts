import { KERNEL_PREFIX, type KernelName } from '../kernels.js';
import { engine, getBackend, getKernel, type NamedAttrMap, type Tensor } from '../tensor.js';

/** Whether the current backend has our kernel of this name; asked at each call, since the backend may change. */
export function hasKernel(name: KernelName): boolean {
  return getKernel(KERNEL_PREFIX + name, getBackend()) != null;
}

/** Runs our kernel of this name on the current backend: inputs, attributes and outputs as `nn/kernels.ts` lists. */
export function runKernel<Output extends Tensor | Tensor[] = Tensor>(
  name: KernelName,
  inputs: Record<string, Tensor>,
  attributes: object = {},
): Output {
  return engine().runKernel(KERNEL_PREFIX + name, inputs, attributes as NamedAttrMap) as Output;
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
  /** Computes the output; `save` keeps what `backward` needs alive until then. */
  forward(save: (tensors: Tensor[]) => void): Output;
  /**
   * Gets the output's gradient and what was saved. Answers a function for each input, which is called only where that
   * input's gradient is wanted, and returns a tensor of its own (never `dy` itself: tfjs disposes it).
   */
  backward(dy: Output, saved: Tensor[]): { [Name in keyof Inputs]: () => Tensor };
}

interface GradientRecorder {
  runKernelFunc<Output>(call: {
    forwardFunc: (backend: unknown, save: (tensors: Tensor[]) => void) => Output;
    backwardsFunc: (dy: Output, saved: Tensor[]) => Record<string, () => Tensor>;
    inputs: Record<string, Tensor>;
  }): Output;
}

/** A kernel would read the bits of another type as floats. */
function requireFloat(op: string, inputs: Record<string, Tensor>): void {
  for (const [name, tensor] of Object.entries(inputs)) {
    if (tensor.dtype !== 'float32') {
      throw new TypeError(
        `${op}: expected ${name} as float32, found ${tensor.dtype}; convert it with tf.cast.`,
      );
    }
  }
}

/**
 * Runs an op with a gradient of its own. This is `tf.customGrad`, with two things which that lacks: several outputs
 * (batch norm returns its statistics), and gradients only of the inputs that need one.
 */
export function differentiable<Inputs extends Record<string, Tensor>, Output extends Tensor | Tensor[]>(
  op: Differentiable<Inputs, Output>,
): Output {
  requireFloat(op.op, op.inputs);
  const recorder = engine() as unknown as GradientRecorder;
  return recorder.runKernelFunc<Output>({
    forwardFunc: (_backend, save) => op.forward(save),
    backwardsFunc: (dy, saved) => op.backward(dy, saved),
    inputs: op.inputs,
  });
}
