import type { NetworkTensor, Optimiser } from 'dna-nas/core';
import { hasKernel, runKernel } from '../ops/index.js';
import { sameExtents } from '../ops/shapes.js';
import { add, fill, keep, tensor as makeTensor, mul, scalar, type Tensor, tidy } from '../tensor.js';
import type { StateDict } from '../weights/state-dict.js';
import { requireNonNegative } from './checks.js';
import { dumpSlots, readSlots, type SlotState } from './slot-state.js';
import type { UpdateRule } from './update-rule.js';

interface Work {
  readonly name: string;
  readonly target: NetworkTensor;
  readonly gradient: Tensor;
  readonly slots: readonly Tensor[];
  readonly step: number;
  readonly weightDecay: number;
}

/** An optimiser that follows a rule: by the backend's multi-tensor kernel where it has one, else op by op. */
export function slotOptimiser(rule: UpdateRule, options: { readonly weightDecay: number }): Optimiser {
  requireNonNegative(rule.name, { weightDecay: options.weightDecay });
  return new SlotOptimiser(rule, options.weightDecay);
}

class SlotOptimiser implements Optimiser {
  readonly #rule: UpdateRule;
  readonly #weightDecay: number;
  readonly #states = new Map<string, SlotState>();

  constructor(rule: UpdateRule, weightDecay: number) {
    this.#rule = rule;
    this.#weightDecay = weightDecay;
  }

  step(
    parameters: ReadonlyMap<string, NetworkTensor>,
    gradients: ReadonlyMap<string, Tensor>,
    learningRate: number,
  ): void {
    requireNonNegative(this.#rule.name, { learningRate });
    if (parameters.size === 0) return;
    requireGradients(parameters, gradients);
    tidy(() => {
      const work = [...parameters].map(([name, target]) => this.#prepare(name, target, gradients.get(name)!));
      const outputs = hasKernel(this.#rule.kernel)
        ? this.#runKernel(work, learningRate)
        : this.#compose(work, learningRate);
      work.forEach((item, index) => {
        this.#commit(item, outputs?.[index]);
      });
    });
  }

  #prepare(name: string, target: NetworkTensor, gradient: Tensor): Work {
    const state = this.#states.get(name);
    for (const slot of state?.slots ?? []) {
      if (sameExtents(slot.shape, target.shape)) continue;
      throw new Error(
        `${this.#rule.name}: the slots of "${name}" have shape [${slot.shape}], the parameter [${target.shape}]. ` +
          'The optimiser state is of another network.',
      );
    }
    const shape = [...target.shape];
    const slots = state?.slots ?? this.#rule.slots.map(({ initial }) => fill(shape, initial, 'float32'));
    const weightDecay = target.options.decay ? this.#weightDecay : 0;
    return { name, target, gradient, slots, step: (state?.steps ?? 0) + 1, weightDecay };
  }

  /** Nothing where the kernel has given the tensors their new values itself. */
  #runKernel(work: readonly Work[], learningRate: number): Tensor[][] | undefined {
    const inputs = work.flatMap(({ target, gradient, slots }) => [target.value, gradient, ...slots]);
    const attributes = {
      count: work.length,
      learningRate,
      weightDecay: work.map((item) => item.weightDecay),
      ...this.#rule.attributes(work.map((item) => item.step)),
    };
    const outputs = runKernel<Tensor[]>(this.#rule.kernel, inputs, attributes);
    if (outputs.length === 0) return undefined;
    const width = 1 + this.#rule.slots.length;
    return work.map((_, index) => outputs.slice(index * width, (index + 1) * width));
  }

  #compose(work: readonly Work[], learningRate: number): (readonly Tensor[])[] {
    const constants = new Constants();
    const constant = (value: number) => constants.of(value);
    const outputs = work.map(({ target, gradient, slots, step, weightDecay }) =>
      tidy(() => {
        const decayed = weightDecay > 0 ? add(gradient, mul(target.value, constant(weightDecay))) : gradient;
        const inputs = { parameter: target.value, gradient: decayed, slots, learningRate, step, constant };
        return this.#rule.update(inputs) as Tensor[];
      }),
    );
    constants.dispose();
    return outputs;
  }

  #commit({ name, target, slots, step }: Work, outputs: readonly Tensor[] | undefined): void {
    const [parameter, ...fresh] = outputs ?? [];
    if (parameter) target.assign(parameter);
    const next = parameter ? fresh : slots;
    for (const old of this.#states.get(name)?.slots ?? []) if (!next.includes(old)) old.dispose();
    for (const slot of next) keep(slot);
    this.#states.set(name, { slots: next, steps: step });
  }

  state(): StateDict {
    return dumpSlots(this.#rule, this.#states);
  }

  load(state: StateDict): void {
    const loaded = readSlots(this.#rule, state);
    this.dispose();
    for (const [name, { slots, steps }] of loaded) {
      const tensors = slots.map(({ data, shape }) => keep(makeTensor(data.slice(), [...shape], 'float32')));
      this.#states.set(name, { slots: tensors, steps });
    }
  }

  dispose(): void {
    for (const { slots } of this.#states.values()) for (const slot of slots) slot.dispose();
    this.#states.clear();
  }
}

/** The scalars of one step, each made once: a number given to an op is a new tensor each time. */
class Constants {
  readonly #made = new Map<number, Tensor>();

  of(value: number): Tensor {
    let tensor = this.#made.get(value);
    if (!tensor) {
      // Kept, since the tidy around one parameter's update must not free what the next one shares.
      tensor = keep(scalar(value));
      this.#made.set(value, tensor);
    }
    return tensor;
  }

  dispose(): void {
    for (const tensor of this.#made.values()) tensor.dispose();
  }
}

function requireGradients(
  parameters: ReadonlyMap<string, NetworkTensor>,
  gradients: ReadonlyMap<string, Tensor>,
): void {
  for (const [name, { shape }] of parameters) {
    const gradient = gradients.get(name);
    if (!gradient) {
      throw new Error(
        `Parameter "${name}" has no gradient. Give the optimiser only the parameters that were trained.`,
      );
    }
    if (!sameExtents(gradient.shape, shape)) {
      throw new Error(`The gradient of "${name}" has shape [${gradient.shape}], the parameter [${shape}].`);
    }
  }
}
