/** `1, 2`, or with brackets `[1, 2]`. */
export function list(values: readonly (number | string)[], bracket: '' | '[' = ''): string {
  const text = values.join(', ');
  return bracket === '' ? text : `[${text}]`;
}

/** `(1, 2)`, `(1,)` or `()`. */
export function tuple(values: readonly number[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(', ')})`;
}

/** A text as Python reads it. */
export function text(value: string): string {
  return JSON.stringify(value);
}

/** A text for a comment of one line, or between three quotes. */
export function comment(value: string): string {
  return value.replaceAll('\\', '/').replaceAll('"', "'").replaceAll(/\s+/g, ' ');
}
