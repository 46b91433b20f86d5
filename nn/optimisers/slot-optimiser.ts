import type { NetworkTensor, Optimiser, StateDict } from 'dna-nas/core/contracts';
import { hasKernel } from '../ops/kernel.js';
import { sameExtents } from '../ops/shapes.js';
import { add, fill, keep, tensor as makeTensor, mul, scalar, type Tensor, tidy } from '../tensor.js';
import { requireNonNegative } from './checks.js';
import { dumpSlots, readSlots, type SlotState } from './slot-state.js';
import type { UpdateRule } from './update-rule.js';

interface Work {
  readonly target: NetworkTensor;
  readonly gradient: Tensor;
  readonly state: SlotState;
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
    tidy(() => {
      const work: Work[] = [];
      for (const [name, target] of parameters) {
        const gradient = requireGradient(name, target, gradients.get(name));
        work.push({ target, gradient, state: this.#state(name, target) });
      }
      const outputs = hasKernel(this.#rule.kernel)
        ? this.#runKernel(work, learningRate)
        : this.#compose(work, learningRate);
      work.forEach((item, index) => {
        if (outputs) take(item, outputs[index]!);
        item.state.steps += 1;
      });
    });
  }

  /** What is known of a parameter: at first, the slots that the rule begins with. */
  #state(name: string, { shape }: NetworkTensor): SlotState {
    const known = this.#states.get(name);
    for (const slot of known?.slots ?? []) {
      if (sameExtents(slot.shape, shape)) continue;
      throw new Error(
        `${this.#rule.name}: the slots of "${name}" have shape [${slot.shape}], the parameter [${shape}]. ` +
          'The optimiser state is of another network.',
      );
    }
    if (known) return known;
    const slots = this.#rule.slots.map(({ initial }) => keep(fill([...shape], initial, 'float32')));
    const state = { slots, steps: 0 };
    this.#states.set(name, state);
    return state;
  }

  /** Nothing where the kernel has given the tensors their new values itself. */
  #runKernel(work: readonly Work[], learningRate: number): Tensor[][] | undefined {
    const inputs: Tensor[] = [];
    for (const { target, gradient, state } of work) {
      inputs.push(target.value, gradient);
      for (const slot of state.slots) inputs.push(slot);
    }
    const shared = {
      count: work.length,
      learningRate,
      weightDecay: work.map(({ target }) => this.#decay(target)),
    };
    const steps = work.map(({ state }) => state.steps + 1);
    const outputs = this.#rule.runKernel(inputs, shared, steps);
    if (outputs.length === 0) return undefined;
    const width = 1 + this.#rule.slots.length;
    return work.map((_, index) => outputs.slice(index * width, (index + 1) * width));
  }

  #decay({ options }: NetworkTensor): number {
    return options.decay ? this.#weightDecay : 0;
  }

  #compose(work: readonly Work[], learningRate: number): (readonly Tensor[])[] {
    const constants = new Constants();
    const constant = (value: number) => constants.of(value);
    const outputs = work.map(({ target, gradient, state: { slots, steps } }) =>
      tidy(() => {
        const weightDecay = this.#decay(target);
        const decayed = weightDecay > 0 ? add(gradient, mul(target.value, constant(weightDecay))) : gradient;
        const step = steps + 1;
        const inputs = { parameter: target.value, gradient: decayed, slots, learningRate, step, constant };
        return this.#rule.update(inputs) as Tensor[];
      }),
    );
    constants.dispose();
    return outputs;
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

/** The parameter and its slots take what a step made. */
function take({ target, state }: Work, [parameter, ...slots]: readonly Tensor[]): void {
  target.assign(parameter!);
  for (const slot of state.slots) slot.dispose();
  state.slots = slots.map((slot) => keep(slot));
}

function requireGradient(name: string, { shape }: NetworkTensor, gradient: Tensor | undefined): Tensor {
  if (!gradient) {
    throw new Error(
      `Parameter "${name}" has no gradient. Give the optimiser only the parameters that were trained.`,
    );
  }
  if (sameExtents(gradient.shape, shape)) return gradient;
  throw new Error(`The gradient of "${name}" has shape [${gradient.shape}], the parameter [${shape}].`);
}
