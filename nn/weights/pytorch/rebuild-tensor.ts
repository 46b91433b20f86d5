import { DTYPE_NAMES, DTYPES, type TorchDtype } from './dtypes.js';
import { torchUnsupported } from './errors.js';
import { RuleProblem } from './pickle-machine.js';
import { PickleName, type PickleValue } from './pickle-values.js';
import { TensorView } from './tensor-view.js';
import { TorchStorage } from './torch-storage.js';

const MOST_AXES = 32;

const DTYPES_BY_NAME: ReadonlyMap<string, TorchDtype> = new Map(
  DTYPE_NAMES.map((dtype) => [`torch ${dtype}`, dtype]),
);

/** `torch._utils._rebuild_tensor_v2` (storage, offset, size, stride, requires_grad, backward_hooks, metadata). */
export function rebuildTensor(args: readonly PickleValue[]): TensorView {
  const [storage, offset, size, stride, gradient, , metadata] = args;
  requireCount(args, [6, 7]);
  requireFlag(gradient);
  requireNoMetadata(metadata);
  return makeTypedView(storage, { offset, size, stride });
}

/** `torch._utils._rebuild_tensor` of old files (storage, offset, size, stride). */
export function rebuildOldTensor(args: readonly PickleValue[]): TensorView {
  const [storage, offset, size, stride] = args;
  requireCount(args, [4]);
  return makeTypedView(storage, { offset, size, stride });
}

/** `torch._utils._rebuild_tensor_v3`, with a type of elements before the metadata. */
export function rebuildUntypedTensor(args: readonly PickleValue[]): TensorView {
  const [storage, offset, size, stride, gradient, , type, metadata] = args;
  requireCount(args, [7, 8]);
  requireFlag(gradient);
  requireNoMetadata(metadata);
  if (!(storage instanceof TorchStorage)) throw new RuleProblem('makes a tensor of what is no storage');
  const dtype = type instanceof PickleName ? DTYPES_BY_NAME.get(type.text) : undefined;
  if (dtype === undefined) throw new RuleProblem('makes a tensor without a type of elements');
  return makeView(storage, dtype, { offset, size, stride });
}

/** `torch._utils._rebuild_parameter` and `…_with_state`: the tensor alone counts. */
export function rebuildParameter(args: readonly PickleValue[]): TensorView {
  requireCount(args, [3, 4]);
  requireFlag(args[1]);
  if (!(args[0] instanceof TensorView)) throw new RuleProblem('makes a parameter of what is no tensor');
  return args[0];
}

function requireCount(args: readonly PickleValue[], allowed: readonly number[]): void {
  if (!allowed.includes(args.length)) throw new RuleProblem(`gives ${args.length} arguments to a tensor`);
}

/** It says that values are to be negated or conjugated. */
function requireNoMetadata(metadata: PickleValue | undefined): void {
  if (metadata === undefined || metadata === null || (metadata instanceof Map && metadata.size === 0)) return;
  throw torchUnsupported('a tensor has metadata by which its values are changed');
}

/** Whether a gradient is wanted, which is not kept. */
function requireFlag(gradient: PickleValue | undefined): void {
  if (typeof gradient !== 'boolean')
    throw new RuleProblem('makes a tensor whose requires_grad is no boolean');
}

type StridedLayout = Readonly<Record<'offset' | 'size' | 'stride', PickleValue | undefined>>;

function makeTypedView(storage: PickleValue | undefined, layout: StridedLayout): TensorView {
  if (!(storage instanceof TorchStorage)) throw new RuleProblem('makes a tensor of what is no storage');
  if (storage.dtype === undefined) throw new RuleProblem('makes a tensor of a storage without a type');
  return makeView(storage, storage.dtype, layout);
}

function makeView(storage: TorchStorage, dtype: TorchDtype, layout: StridedLayout): TensorView {
  const [offset] = counts([layout.offset ?? null], 'an offset');
  const shape = counts(layout.size, 'a shape');
  const strides = counts(layout.stride, 'strides');
  if (shape.length !== strides.length) {
    throw new RuleProblem(`makes a tensor of ${shape.length} axes with ${strides.length} strides`);
  }
  const width = storage.dtype === undefined ? 1 : DTYPES[storage.dtype].bytes;
  const elements = Math.floor((storage.length * width) / DTYPES[dtype].bytes);
  requireInside({ offset: offset!, shape, strides, elements });
  return new TensorView(storage, { dtype, offset: offset!, shape, strides });
}

/** Whole numbers from 0 on. */
function counts(value: PickleValue | undefined, what: string): readonly number[] {
  const sound =
    Array.isArray(value) &&
    value.length <= MOST_AXES &&
    value.every((item) => typeof item === 'number' && Number.isSafeInteger(item) && item >= 0);
  if (!sound) throw new RuleProblem(`makes a tensor with ${what} that cannot be`);
  return value as readonly number[];
}

function requireInside(view: {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly elements: number;
}): void {
  const { offset, shape, strides, elements } = view;
  let size = 1;
  let last = offset;
  for (const [axis, extent] of shape.entries()) {
    size *= extent;
    last += Math.max(0, extent - 1) * strides[axis]!;
    // At each step: a later extent of 0 would hide what no integer can count.
    if (!Number.isSafeInteger(size) || !Number.isSafeInteger(last)) {
      throw new RuleProblem('makes a tensor larger than any file');
    }
  }
  if (size === 0 ? offset > elements : last >= elements) {
    throw new RuleProblem(`makes a tensor that reaches to element ${last} of a storage of ${elements}`);
  }
}
