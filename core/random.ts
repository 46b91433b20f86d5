/**
 * Seeded randomness that is an argument: a counter-based generator (Philox 4×32-10, Salmon et al. 2011) whose streams
 * are split by name, so that neither the number of workers nor the point of a resume changes a draw. A stream holds
 * no hidden state: `fork` is pure, and the only state is the number of values drawn so far.
 */
export interface RandomStream {
  /** A stream of its own for a purpose; the same names give the same stream, whatever was drawn before. */
  fork(...names: readonly (string | number)[]): RandomStream;
  /** Uniform 32-bit unsigned integer. */
  uint32(): number;
  /** Uniform in [0, 1) with 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, below); unbiased. */
  integer(below: number): number;
  /** Standard normal. */
  normal(): number;
  /** A permutation of 0…length−1 (Fisher–Yates). */
  permutation(length: number): Uint32Array;
}
