import type { KernelAttributes } from 'dna-nas/nn/kernels';
import { type NativeTensor, TYPES } from '../binding.js';
import { attribute, type CudaKernel, cudaKernel, type KernelCall } from '../cuda-kernel.js';
import { hasOwnOps, ownOp } from './own-ops.js';

/**
 * Of the old values' factor what it lacks to 1 is passed on: `keep` itself, rounded to float32, would make averages of
 * many steps drift.
 */
const lostOf = ({ keep }: KernelAttributes<'Blend'>) => 1 - keep;

const size = ({ shape }: NativeTensor) => shape.reduce((product, extent) => product * extent, 1);

interface Pair {
  readonly index: number;
  readonly old: NativeTensor;
  readonly fresh: NativeTensor;
}

const blend = cudaKernel('Blend', (call, tensors, attributes) => {
  if (!hasOwnOps(call)) return blendByTensorflow(call, tensors, attributes);
  const { shares } = attributes;
  const numbers = call.floats([lostOf(attributes), ...shares]);
  return ownOp(call, 'Blend', { numbers, tensors, M: shares.length });
});

/** All tensors of one share are one vector: a dozen small ops fewer for each. */
function blendByTensorflow(
  call: KernelCall,
  tensors: readonly NativeTensor[],
  attributes: KernelAttributes<'Blend'>,
): NativeTensor[] {
  const { shares } = attributes;
  const groups = new Map<number, number[]>();
  for (const [index, share] of shares.entries()) groups.set(share, [...(groups.get(share) ?? []), index]);
  const results: NativeTensor[] = [];
  for (const [share, indices] of groups) {
    const pairs = indices.map((index) => ({
      index,
      old: tensors[2 * index]!,
      fresh: tensors[2 * index + 1]!,
    }));
    blendGroup(call, pairs, { lost: lostOf(attributes), share }).forEach((result, at) => {
      results[pairs[at]!.index] = result;
    });
  }
  return results;
}

function blendGroup(
  call: KernelCall,
  pairs: readonly Pair[],
  { lost, share }: { lost: number; share: number },
): NativeTensor[] {
  const olds = pairs.map((pair) => pair.old);
  const fresh = pairs.map((pair) => pair.fresh);
  const old = joined(call, olds);
  const gain = call.op('Mul', [joined(call, fresh), call.scalar(share)]);
  const loss = call.op('Mul', [old, call.scalar(lost)]);
  return parted(call, call.op('AddV2', [old, call.op('Sub', [gain, loss])]), olds);
}

/** Tensors one behind the other. */
function joined(call: KernelCall, tensors: readonly NativeTensor[]): NativeTensor {
  const vectors = tensors.map((tensor) =>
    tensor.shape.length === 1 ? tensor : call.op('Reshape', [tensor, call.integers([-1])]),
  );
  if (vectors.length === 1) return vectors[0]!;
  const attributes = [attribute.int('N', vectors.length), attribute.type('T', TYPES.float32)];
  return call.op('ConcatV2', [...vectors, call.backend.constants.integer(0)], attributes);
}

/** Undoes `joined`. */
function parted(call: KernelCall, vector: NativeTensor, like: readonly NativeTensor[]): NativeTensor[] {
  const parts =
    like.length === 1
      ? [vector]
      : call.ops(
          'SplitV',
          [vector, call.integers(like.map(size)), call.backend.constants.integer(0)],
          [attribute.int('num_split', like.length)],
          like.length,
        );
  return parts.map((part, index) => {
    const { shape } = like[index]!;
    return shape.length === 1 ? part : call.op('Reshape', [part, call.integers(shape)]);
  });
}

export const BLENDS: readonly CudaKernel[] = [blend];
