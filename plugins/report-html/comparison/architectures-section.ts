import { type LayersRow, LOOK, layersPicture } from '../architecture-section.js';
import { type Markup, tag } from '../markup.js';
import { lookOf } from '../operation.js';
import type { ComparedData } from './compared-data.js';

/** The networks that were found, block by block, one run below the other. */
export function architecturesSection(runs: readonly ComparedData[]): Markup | undefined {
  const found = runs.filter(({ run }) => run.blocks !== undefined);
  if (found.length === 0) return undefined;
  return tag(
    'section',
    { 'aria-labelledby': 'architectures' },
    tag('h2', { id: 'architectures' }, 'The found architectures'),
    tag('p', {}, `Block by block, a row a run. Each box is a layer: ${LOOK}`),
    layersPicture(rowsOf(found)),
    found.map(({ run, colour }) =>
      tag(
        'p',
        { class: 'text' },
        tag('span', { class: `swatch ${colour}` }),
        `${run.name} `,
        tag('code', {}, run.summary.architecture ?? ''),
      ),
    ),
  );
}

function rowsOf(runs: readonly ComparedData[]): LayersRow[] {
  const blocks = Math.max(...runs.map(({ run }) => run.blocks!.length));
  return Array.from({ length: blocks }, (_, block) => block).flatMap((block) =>
    runs
      .flatMap(({ run, colour }) => {
        const choice = run.blocks![block];
        return choice ? [{ run, colour, choice }] : [];
      })
      .map(({ run, colour, choice: { cell, channels, layers } }, place) => ({
        title: run.name,
        kind: `strong name-${colour}`,
        about: `block ${block + 1}${channels === undefined ? '' : `, ${channels} channels`}`,
        layers: layers.map(lookOf),
        standing: [`cell ${cell + 1}`, `${layers.length} layers`] as const,
        rule: block > 0 && place === 0,
        spoken: `Block ${block + 1} of ${run.name}: ${layers.join(', ')}.`,
      })),
  );
}
