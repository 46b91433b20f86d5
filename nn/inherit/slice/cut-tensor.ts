/** Of each index of an axis, the index of the source that it takes; −1: none, it is new. */
export type SourceIndices = readonly number[];

/** Values of a tensor as in memory. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** How a tensor is cut: the indices of each axis (absent: all), and the axis of its inputs. */
export interface Cut {
  readonly axes: Readonly<Record<number, SourceIndices>>;
  readonly reads?: number;
}

/**
 * What the indices name of `source`, in the shape of `drawn`. What is new computes what was drawn for it, and nobody
 * reads it: its weights where it is an input are zero, so that nothing changes until it is trained.
 */
export function cutTensor(source: Values, drawn: Values, { axes, reads }: Cut): Float32Array {
  const { shape } = drawn;
  return drawn.data.map((value, at) => {
    let [rest, from, stride, isNew] = [at, 0, 1, false];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const index = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
      const taken = axes[axis]?.[index] ?? index;
      if (taken < 0 && axis === reads) return 0;
      isNew ||= taken < 0;
      from += stride * taken;
      stride *= source.shape[axis]!;
    }
    return isNew ? value : source.data[from]!;
  });
}

/** The indices of the highest scores, in their order; as many as `count`, new ones behind where there are too few. */
export function bestIndices(scores: ArrayLike<number>, count: number): SourceIndices {
  const order = Array.from(scores, (_, at) => at).sort((a, b) => scores[b]! - scores[a]! || a - b);
  return filled(order.slice(0, count), count);
}

/** Indices in their order, and new ones behind them. */
export function filled(indices: readonly number[], count: number): SourceIndices {
  const rising = indices.toSorted((a, b) => a - b);
  return [...rising, ...Array.from({ length: count - rising.length }, () => -1)];
}
