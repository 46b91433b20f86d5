/** Refuses options that are not in [0, 1). */
export function requireFraction(optimiser: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!(value >= 0 && value < 1)) {
      throw new RangeError(`${optimiser}: "${name}" is ${value}; it must be 0 or more and below 1.`);
    }
  }
}

/** Refuses options that are not finite numbers of 0 or more. */
export function requireNonNegative(optimiser: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new RangeError(`${optimiser}: "${name}" is ${value}; it must be a number of 0 or more.`);
    }
  }
}
