/** A value of the graph as the network's code sees it: NHWC, with a placeholder for the batch. */
export interface Traced {
  readonly kind: 'traced';
  readonly shape: readonly number[];
  /** Its name in the graph; a value of four axes is NCHW there. */
  readonly value: string;
  /** Of rows [n·h·w, c] of a map [n, h, w, c]: that map. They get a value of their own where one is needed. */
  readonly pixelsOf?: Traced;
}

/** A tensor whose values are known, row-major. */
export interface Constant {
  readonly kind: 'constant';
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Names of the network's tensors that it was computed from. */
  readonly sources: readonly string[];
}

/** What a kernel is given while a network is traced. */
export type Operand = Traced | Constant;
