import type { KernelAttributes } from 'dna-nas/nn/kernels';
import { type NativeTensor, TYPES } from '../binding.js';
import { attribute, type CudaKernel, cudaKernel, type KernelCall, type Operand } from '../cuda-kernel.js';
import type { Variables } from '../variables.js';
import { hasOwnOps, ownOp } from './own-ops.js';

/** What every step is given. */
interface Step {
  readonly tensors: readonly NativeTensor[];
  readonly attributes: Pick<KernelAttributes<'SgdStep'>, 'count' | 'weightDecay'>;
  readonly slots: number;
}

/** A parameter with its gradient, decay included, and the variables that hold it and its slots. */
interface Item {
  readonly index: number;
  readonly gradient: NativeTensor;
  readonly variables: readonly number[];
}

/**
 * One of TensorFlow's fused steps for each parameter. They work on variables, which take over the tensors and give new
 * ones back: a variable whose tensor someone else holds too is copied before it is changed.
 */
function step(
  call: KernelCall,
  { tensors, attributes: { count, weightDecay }, slots }: Step,
  apply: (item: Item) => void,
): NativeTensor[] {
  const width = slots + 2;
  const results: NativeTensor[] = [];
  for (let index = 0; index < count; index++) {
    const [parameter, gradient, ...rest] = tensors.slice(index * width, (index + 1) * width);
    const held = [parameter!, ...rest];
    const variables = assign(call, held);
    apply({ index, gradient: decayed(call, { parameter, gradient }, weightDecay[index]!), variables });
    results.push(...variables.map((variable) => read(call, variable)));
  }
  return results;
}

function decayed(
  call: KernelCall,
  { parameter, gradient }: { parameter: NativeTensor | undefined; gradient: NativeTensor | undefined },
  decay: number,
): NativeTensor {
  if (decay === 0) return gradient!;
  return call.op('AddV2', [gradient!, call.op('Mul', [parameter!, call.scalar(decay)])]);
}

function assign(call: KernelCall, tensors: readonly NativeTensor[]): number[] {
  const pool: Variables = call.backend.variables;
  return tensors.map((tensor, slot) => {
    const variable = pool.of(tensor.shape, slot);
    call.ops('AssignVariableOp', [variable, tensor], [attribute.type('dtype', TYPES.float32)], 0);
    return variable;
  });
}

function read(call: KernelCall, variable: number): NativeTensor {
  return call.op('ReadVariableOp', [variable], [attribute.type('dtype', TYPES.float32)]);
}

const UNLOCKED = [attribute.type('T', TYPES.float32), attribute.bool('use_locking', false)];

/** The numbers of `native/optimiser-steps.h`. */
export const OPTIMISER_CODES = { adam: 0, sgd: 1, rmsprop: 2 } as const;
/** What an optimiser's parameters share is a list of so many. */
const FACTORS = 5;

interface OwnStep {
  readonly kind: keyof typeof OPTIMISER_CODES;
  readonly factors: readonly number[];
  /** The step's length and Adam's correction of the variance, of a parameter. */
  numbers(index: number): readonly [rate: number, correction: number];
}

/**
 * One op of ours for all parameters. What changes from step to step is a tensor, as TensorFlow keeps a kernel for each
 * set of attributes.
 */
function ownStep(
  call: KernelCall,
  { tensors, attributes: { count, weightDecay }, slots }: Step,
  own: OwnStep,
): readonly NativeTensor[] {
  const factors = [...own.factors, ...Array<number>(FACTORS - own.factors.length).fill(0)];
  const numbers = weightDecay.flatMap((decay, index) => [decay, ...own.numbers(index)]);
  return ownOp(call, 'OptimiserStep', {
    ...{ numbers: call.floats([...factors, ...numbers]), tensors },
    ...{ M: count * (slots + 1), kind: OPTIMISER_CODES[own.kind] },
  });
}

const adamStep = cudaKernel('AdamStep', (call, tensors, attributes) => {
  const { learningRate, beta1, beta2, epsilon, steps } = attributes;
  const given = { tensors, attributes, slots: 2 };
  if (hasOwnOps(call)) {
    return ownStep(call, given, {
      ...{ kind: 'adam', factors: [beta1, 1 - beta1, beta2, 1 - beta2, epsilon] },
      numbers: (index) => [learningRate / (1 - beta1 ** steps[index]!), 1 / (1 - beta2 ** steps[index]!)],
    });
  }
  const betas = [call.scalar(beta1), call.scalar(beta2)];
  // The corrections of the bias are made here, in float64; TensorFlow's own would be 1 − a power of float32.
  const none = call.scalar(0);
  return step(call, given, ({ index, gradient, variables }) => {
    const root = Math.sqrt(1 - beta2 ** steps[index]!);
    const rate = call.scalar((learningRate * root) / (1 - beta1 ** steps[index]!));
    const inputs = [...variables, none, none, rate, ...betas, call.scalar(epsilon * root), gradient];
    call.ops('ResourceApplyAdam', inputs, UNLOCKED, 0);
  });
});

const sgdStep = cudaKernel('SgdStep', (call, tensors, attributes) => {
  const { learningRate, momentum, nesterov } = attributes;
  const given = { tensors, attributes, slots: 1 };
  if (hasOwnOps(call)) {
    const factors = [momentum, Number(nesterov)];
    return ownStep(call, given, { kind: 'sgd', factors, numbers: () => [learningRate, 1] });
  }
  const [rate, factor] = [call.scalar(learningRate), call.scalar(momentum)];
  const options = [...UNLOCKED, attribute.bool('use_nesterov', nesterov)];
  return step(call, given, ({ gradient, variables }) => {
    const inputs: Operand[] = [...variables, rate, gradient, factor];
    call.ops('ResourceApplyMomentum', inputs, options, 0);
  });
});

const rmspropStep = cudaKernel('RmspropStep', (call, tensors, attributes) => {
  const { learningRate, decay, momentum, epsilon } = attributes;
  const given = { tensors, attributes, slots: 2 };
  if (hasOwnOps(call)) {
    const own = [decay, 1 - decay, momentum, epsilon];
    return ownStep(call, given, { kind: 'rmsprop', factors: own, numbers: () => [learningRate, 1] });
  }
  const factors = [learningRate, decay, momentum, epsilon].map((value) => call.scalar(value));
  return step(call, given, ({ gradient, variables }) => {
    call.ops('ResourceApplyRMSProp', [...variables, ...factors, gradient], UNLOCKED, 0);
  });
});

export const OPTIMISER_STEPS: readonly CudaKernel[] = [adamStep, sgdStep, rmspropStep];
