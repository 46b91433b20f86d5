import type { RandomStream } from 'dna-nas/core';
import type {
  FeatureShape,
  FileLayout,
  ForwardContext,
  LayerCost,
  Mode,
  ModuleCost,
  Network,
} from 'dna-nas/core/contracts';
import { assign } from './recording/index.js';
import { tensor as makeTensor, type Tensor, type Variable, variable } from './tensor.js';

export type { FeatureShape, ForwardContext, Mode, ModuleCost };

export const EVALUATE: ForwardContext = Object.freeze({ mode: 'evaluate' });
export const CALIBRATE: ForwardContext = Object.freeze({ mode: 'calibrate' });

/** The context for a child: its stream is forked by the child's name, so that no draw depends on another layer. */
export function childContext(context: ForwardContext, name: string): ForwardContext {
  if (context.mode !== 'train' || !context.random) return context;
  return { mode: context.mode, random: context.random.fork(name) };
}

/** Fills a new tensor; `shape` as in memory (HWIO for convolutions). */
export type Initialiser = (shape: readonly number[], random: RandomStream) => Float32Array;

export type TensorRole = 'parameter' | 'buffer';

export type { FileLayout, LayerCost };

/** What a module tells of one input. */
export interface Trace {
  readonly output: FeatureShape;
  readonly macs: number;
  /** Elements of the maps that a backward pass keeps, for one image. @default those of the output */
  readonly activations?: number;
}

/** Elements of one image's feature map. */
export function featureSize({ height, width, channels }: FeatureShape): number {
  return height * width * channels;
}

/** A tensor of a module: declared with its shape, allocated by `Module.initialise` or by loading a state dict. */
export class ModuleTensor {
  #variable: Variable | undefined;

  constructor(
    readonly role: TensorRole,
    readonly shape: readonly number[],
    readonly options: {
      readonly initialiser: Initialiser;
      readonly layout: FileLayout;
      readonly decay: boolean;
    },
  ) {}

  get size(): number {
    return this.shape.reduce((product, extent) => product * extent, 1);
  }

  get allocated(): boolean {
    return this.#variable !== undefined;
  }

  /** The live tensor. Throws before `initialise` or a state dict gave it values. */
  get value(): Variable {
    if (!this.#variable)
      throw new Error('This module has no values yet: call initialise(random) or load a state dict.');
    return this.#variable;
  }

  /** Takes new values, as in memory; keeps the variable's identity. */
  set(values: Float32Array): void {
    const fresh = makeTensor(values, [...this.shape], 'float32');
    if (this.#variable) {
      assign(this.#variable, fresh);
      fresh.dispose();
    } else {
      this.#variable = variable(fresh, this.role === 'parameter');
      fresh.dispose();
    }
  }

  /** Takes over a tensor of the same shape; the caller gives up its handle. */
  assign(fresh: Tensor): void {
    assign(this.value, fresh);
    fresh.dispose();
  }

  dispose(): void {
    this.#variable?.dispose();
    this.#variable = undefined;
  }
}

/**
 * A part of a network: tensors and children with timm's names, a forward pass on NHWC float32, and a cost that is
 * counted without allocating anything.
 */
export abstract class Module implements Network {
  readonly #children = new Map<string, Module>();
  /** Children whose tensors stand under this module's own name. */
  readonly #inlined = new Set<string>();
  readonly #tensors = new Map<string, ModuleTensor>();

  /**
   * Whether `forward` of this class, children aside, is repeatable (see `Repeatable`). A subclass says it for itself:
   * it may have another `forward`.
   * @default false
   */
  static readonly repeatable: boolean = false;

  abstract forward(x: Tensor, context: ForwardContext): Tensor;

  /** Whether this module's forward pass, its children's included, is repeatable. */
  get repeatable(): boolean {
    const own = this.constructor as typeof Module;
    return (
      Object.hasOwn(own, 'repeatable') &&
      own.repeatable &&
      [...this.#children.values()].every((child) => child.repeatable)
    );
  }

  /** Output shape and multiply-adds for one input; `params` counts every parameter below this module. */
  cost(input: FeatureShape): ModuleCost {
    const { output, macs } = this.trace(input);
    return { output, macs, params: this.parameterCount() };
  }

  /** The part of `cost` a module must tell: output shape and multiply-adds. */
  abstract trace(input: FeatureShape): Trace;

  /** Elements of the feature maps that a backward pass keeps, for one image. */
  activations(input: FeatureShape): number {
    const { activations, output } = this.trace(input);
    return activations ?? featureSize(output);
  }

  /** Its layers in order, each with its own cost: itself, where it is not made of some. */
  layers(input: FeatureShape): LayerCost[] {
    return [{ name: '', text: this.constructor.name, ...this.cost(input) }];
  }

  protected child<M extends Module>(name: string, module: M): M {
    if (this.#children.has(name)) throw new Error(`Two children are named "${name}".`);
    this.#children.set(name, module);
    return module;
  }

  /** A child that groups tensors without a name of its own: `head` holds `conv_head` and not `head.conv_head`. */
  protected inline<M extends Module>(name: string, module: M): M {
    this.#inlined.add(name);
    return this.child(name, module);
  }

  protected parameter(
    name: string,
    shape: readonly number[],
    options: { initialiser: Initialiser; layout?: FileLayout; decay?: boolean },
  ): ModuleTensor {
    return this.#declare(name, 'parameter', shape, options);
  }

  protected buffer(
    name: string,
    shape: readonly number[],
    options: { initialiser: Initialiser },
  ): ModuleTensor {
    return this.#declare(name, 'buffer', shape, options);
  }

  #declare(
    name: string,
    role: TensorRole,
    shape: readonly number[],
    options: { initialiser: Initialiser; layout?: FileLayout; decay?: boolean },
  ): ModuleTensor {
    const tensor = new ModuleTensor(role, shape, {
      initialiser: options.initialiser,
      layout: options.layout ?? 'same',
      decay: options.decay ?? shape.length > 1,
    });
    this.#tensors.set(name, tensor);
    return tensor;
  }

  children(): ReadonlyMap<string, Module> {
    return this.#children;
  }

  /** What the names of a child's tensors begin with. */
  childPrefix(name: string, prefix = ''): string {
    return this.#inlined.has(name) ? prefix : `${prefix}${name}.`;
  }

  /** Children that `foldBatchNorms` may join: the name of a convolution → that of the batch norm behind it. */
  foldable(): ReadonlyMap<string, string> {
    return new Map();
  }

  /**
   * A module like this one, without values, in which the convolutions of `foldable` have biases and their batch
   * norms are gone but for the activation. `foldBatchNorms` fills it.
   */
  withoutBatchNorm(): Module {
    throw new Error(
      `${this.constructor.name} cannot be folded: give it a method withoutBatchNorm() that returns a module without batch norms.`,
    );
  }

  /** Every tensor below this module by its dotted name, in declaration order: own tensors, then children. */
  tensors(prefix = ''): Map<string, ModuleTensor> {
    const all = new Map<string, ModuleTensor>();
    for (const [name, tensor] of this.#tensors) all.set(prefix + name, tensor);
    for (const [name, child] of this.#children) {
      for (const [path, tensor] of child.tensors(this.childPrefix(name, prefix))) all.set(path, tensor);
    }
    return all;
  }

  parameters(prefix = ''): Map<string, ModuleTensor> {
    return new Map([...this.tensors(prefix)].filter(([, tensor]) => tensor.role === 'parameter'));
  }

  buffers(prefix = ''): Map<string, ModuleTensor> {
    return new Map([...this.tensors(prefix)].filter(([, tensor]) => tensor.role === 'buffer'));
  }

  parameterCount(): number {
    let count = 0;
    for (const tensor of this.parameters().values()) count += tensor.size;
    return count;
  }

  /** Draws every tensor from a stream forked by the tensor's name, so that no draw depends on another. */
  initialise(random: RandomStream): this {
    for (const [name, tensor] of this.tensors()) {
      tensor.set(tensor.options.initialiser(tensor.shape, random.fork(name)));
    }
    return this;
  }

  dispose(): void {
    for (const tensor of this.tensors().values()) tensor.dispose();
  }
}
