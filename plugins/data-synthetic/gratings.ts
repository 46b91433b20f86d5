import type { RandomStream } from 'dna-nas/core';
import type { FeatureShape } from 'dna-nas/core/contracts';

const AMPLITUDE = 0.35;
const MEAN = 0.5;
/** Pixels of a period, least and greatest. */
const PERIODS = [4, 8] as const;

/** What a grating shows. */
export interface Grating {
  /** 0 to classes − 1: the orientation is class ÷ classes of a half turn. */
  readonly label: number;
  readonly classes: number;
  readonly noise: number;
}

/**
 * Writes one image of bytes: stripes of the class's orientation with a drawn period, and a phase drawn for each
 * channel, under Gaussian noise.
 */
export function drawGrating(
  pixels: Uint8Array,
  shape: FeatureShape,
  grating: Grating,
  random: RandomStream,
): void {
  const angle = (Math.PI * grating.label) / grating.classes;
  const period = PERIODS[0] + (PERIODS[1] - PERIODS[0]) * random.uniform();
  const phases = Array.from({ length: shape.channels }, () => 2 * Math.PI * random.uniform());
  const frequency = (2 * Math.PI) / period;
  const across = frequency * Math.cos(angle);
  const along = frequency * Math.sin(angle);
  let at = 0;
  for (let row = 0; row < shape.height; row++) {
    for (let column = 0; column < shape.width; column++) {
      for (const phase of phases) {
        const wave = Math.sin(across * column + along * row + phase);
        const value = MEAN + AMPLITUDE * wave + grating.noise * random.normal();
        pixels[at++] = Math.round(255 * Math.min(1, Math.max(0, value)));
      }
    }
  }
}
