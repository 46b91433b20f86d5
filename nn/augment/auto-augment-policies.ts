import type { LevelName } from './levels.js';
import type { PolicyStep } from './policy-runner.js';

export type AutoAugmentPolicy = 'v0' | 'v0r' | 'original' | 'originalr';

/** A pair a line: operation, probability, magnitude, twice. */
const V0 = `
equalise 0.8 1, shear-y 0.8 4
colour 0.4 9, equalise 0.6 3
colour 0.4 1, rotate 0.6 8
solarise 0.8 3, equalise 0.4 7
solarise 0.4 2, solarise 0.6 2
colour 0.2 0, equalise 0.8 8
equalise 0.4 8, solarise-add 0.8 3
shear-x 0.2 9, rotate 0.6 8
colour 0.6 1, equalise 1 2
invert 0.4 9, rotate 0.6 0
equalise 1 9, shear-y 0.6 3
colour 0.4 7, equalise 0.6 0
posterise 0.4 6, auto-contrast 0.4 7
solarise 0.6 8, colour 0.6 9
solarise 0.2 4, rotate 0.8 9
rotate 1 7, translate-y 0.8 9
shear-x 0 0, solarise 0.8 4
shear-y 0.8 0, colour 0.6 4
colour 1 0, rotate 0.6 2
equalise 0.8 4, equalise 0 8
equalise 1 4, auto-contrast 0.6 2
shear-y 0.4 7, solarise-add 0.6 7
posterise 0.8 2, solarise 0.6 10
solarise 0.6 8, equalise 0.6 1
colour 0.8 6, rotate 0.4 5`;

const ORIGINAL = `
posterise-original 0.4 8, rotate 0.6 9
solarise 0.6 5, auto-contrast 0.6 5
equalise 0.8 8, equalise 0.6 3
posterise-original 0.6 7, posterise-original 0.6 6
equalise 0.4 7, solarise 0.2 4
equalise 0.4 4, rotate 0.8 8
solarise 0.6 3, equalise 0.6 7
posterise-original 0.8 5, equalise 1 2
rotate 0.2 3, solarise 0.6 8
equalise 0.6 8, posterise-original 0.4 6
rotate 0.8 8, colour 0.4 0
rotate 0.4 9, equalise 0.6 2
equalise 0 7, equalise 0.8 8
invert 0.6 4, equalise 1 8
colour 0.6 4, contrast 1 8
rotate 0.8 8, colour 1 2
colour 0.8 8, solarise 0.8 7
sharpness 0.4 7, invert 0.6 8
shear-x 0.6 5, equalise 1 9
colour 0.4 0, equalise 0.6 3
equalise 0.4 7, solarise 0.2 4
solarise 0.6 5, auto-contrast 0.6 5
invert 0.6 4, equalise 1 8
colour 0.6 4, contrast 1 8
equalise 0.8 8, equalise 0.6 3`;

/** The published tables of AutoAugment for ImageNet, as timm has them. */
export const AUTO_AUGMENT_POLICIES: Readonly<Record<AutoAugmentPolicy, readonly (readonly PolicyStep[])[]>> =
  Object.freeze({
    v0: read(V0),
    v0r: read(V0.replaceAll('posterise ', 'posterise-increasing ')),
    original: read(ORIGINAL),
    originalr: read(ORIGINAL.replaceAll('posterise-original ', 'posterise-increasing ')),
  });

function read(table: string): PolicyStep[][] {
  return table
    .trim()
    .split('\n')
    .map((line) =>
      line.split(', ').map((step) => {
        const [name, probability, magnitude] = step.split(' ');
        return { name: name as LevelName, probability: Number(probability), magnitude: Number(magnitude) };
      }),
    );
}
