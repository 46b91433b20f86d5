const promised = new WeakSet<object>();

/**
 * Marks a function of tensors as repeatable (see `Repeatable`): it depends on what it is given alone. The mark is the
 * function's own: another one that is put in its place, around it or beside it promises nothing.
 */
export function repeatable<Compute extends (...tensors: never[]) => unknown>(compute: Compute): Compute {
  promised.add(compute);
  return compute;
}

/** Whether a function was marked. */
export function isRepeatable(compute: (...tensors: never[]) => unknown): boolean {
  return promised.has(compute);
}
