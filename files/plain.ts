/** Whether a value is an object literal: data, not an instance of something. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  // Objects of another realm (a worker's message, jiti's evaluation) have a prototype of their own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Copies data deeply and leaves entries that are undefined out; what is not plain data (a function, an instance) is
 * kept as it is, for a schema to refuse.
 */
export function copyOptions<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(copyOptions) as Value;
  if (!isPlainObject(value)) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries.map(([key, entry]) => [key, copyOptions(entry)])) as Value;
}
