import type { KernelAttributes } from '../kernels/table.js';
import type { Tensor } from '../tensor.js';

export interface SlotDeclaration {
  readonly name: string;
  /** The value every element starts at. */
  readonly initial: number;
}

/** One parameter's part of a step. */
export interface Update {
  readonly parameter: Tensor;
  /** Weight decay is already added. */
  readonly gradient: Tensor;
  /** In the order of the rule's declaration. */
  readonly slots: readonly Tensor[];
  readonly learningRate: number;
  /** 1 for the parameter's first step. */
  readonly step: number;
  /** A scalar tensor made once for each distinct number. */
  constant(value: number): Tensor;
}

/** What every optimiser's kernel is told. */
export type StepAttributes = Pick<KernelAttributes<'AdamStep'>, 'count' | 'learningRate' | 'weightDecay'>;

/** What makes one optimiser different from another: its slots, its kernel, and the same step as plain tfjs ops. */
export interface UpdateRule {
  readonly name: string;
  readonly slots: readonly SlotDeclaration[];
  /** The multi-tensor kernel that backends may have; it also adds the weight decay. */
  readonly kernel: 'AdamStep' | 'SgdStep' | 'RmspropStep';
  /** Runs it. `steps` counts the steps of each parameter, this one included. */
  runKernel(inputs: readonly Tensor[], shared: StepAttributes, steps: readonly number[]): readonly Tensor[];
  /** The kernel's reference: the new parameter, then the new slots. Runs inside `tidy`. */
  update(inputs: Update): readonly Tensor[];
}
