/** What a picture can tell of an operation, read from its name. */
export interface OperationLook {
  readonly name: string;
  /** Side of the convolution's kernel: `k5e6` has 5. */
  readonly kernel: number | undefined;
  /** Widening of its middle: `k5e6` has 6. */
  readonly expansion: number | undefined;
}

/** Finds `k<number>` and `e<number>` in any notation (`k3e6`, `mbconv-k5-e3`, `ir_k3_e1.5`). */
export function lookOf(name: string): OperationLook {
  const number = (letter: string) => {
    const match = new RegExp(
      `(?:^|[^a-z])${letter}(\\d+(?:\\.\\d+)?)|\\d${letter}(\\d+(?:\\.\\d+)?)`,
      'i',
    ).exec(name);
    const digits = match?.[1] ?? match?.[2];
    return digits === undefined ? undefined : Number(digits);
  };
  return { name, kernel: number('k'), expansion: number('e') };
}
