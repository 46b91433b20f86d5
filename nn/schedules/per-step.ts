import { requirePositive, type Schedule } from './schedule.js';

/** A schedule as a function of the optimiser's step, from 0. */
export function perStep(schedule: Schedule, stepsPerEpoch: number): (step: number) => number {
  requirePositive('stepsPerEpoch', stepsPerEpoch);
  return (step) => schedule(step / stepsPerEpoch);
}
