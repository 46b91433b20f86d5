/** The learning rate at a point of the training, counted in epochs from 0; fractions are allowed. */
export type Schedule = (epoch: number) => number;

/** Refuses anything but a finite number above 0. */
export function requirePositive(name: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) {
    throw new RangeError(`A schedule's "${name}" must be a number above 0, not ${value}.`);
  }
}

/** Refuses anything but a finite number of 0 or more. */
export function requireNonNegative(name: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new RangeError(`A schedule's "${name}" must be a number of 0 or more, not ${value}.`);
  }
}
