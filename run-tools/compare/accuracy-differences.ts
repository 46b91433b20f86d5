import { compareMeasured, type MeasuredImages } from 'dna-nas/accuracy';
import type { ComparedRun, JsonObject, RunDifference } from 'dna-nas/core';
import type { OpenedRun } from './compared-run.js';

/** Each run's network against the first run's, image by image where both were tested on the same. */
export function accuracyDifferences([first, ...others]: readonly OpenedRun[]): RunDifference[] {
  if (!first) return [];
  const one = measuredOf(first);
  return others.map((other) => {
    const names = { run: other.run.name, against: first.run.name };
    const measured = measuredOf(other);
    const unknown = whyUnknown([first, one], [other, measured]);
    if (unknown !== undefined || !one || !measured) return { ...names, unknown: unknown! };
    const { difference, interval, images, discordant } = compareMeasured(measured, one);
    return { ...names, difference, interval, images, discordant };
  });
}

type Opened = readonly [OpenedRun, MeasuredImages | undefined];

/** Undefined where the two can be compared. */
function whyUnknown([first, one]: Opened, [second, other]: Opened): string | undefined {
  const untrained = [first, second].filter(({ run }) => !run.network).map(({ run }) => run.name);
  if (untrained.length > 0) return `${untrained.join(' and ')} trained no network yet`;
  if (!one || !other) return 'the results do not tell which images were right';
  if (dataOf(first) !== dataOf(second)) return 'tested on other data';
  if (one.images !== other.images) return `tested on ${other.images} images, not on ${one.images}`;
  return undefined;
}

function dataOf({ folder }: OpenedRun): unknown {
  return (folder.readJson('identity') as JsonObject | undefined)?.data;
}

/** What the result of the compared network's training tells of its images. */
function measuredOf({ folder, run }: OpenedRun): MeasuredImages | undefined {
  const json = resultOf(folder, run);
  const isKnown = typeof json?.right === 'string' && typeof json.images === 'number';
  return isKnown ? (json as unknown as MeasuredImages) : undefined;
}

function resultOf(folder: OpenedRun['folder'], { network }: ComparedRun) {
  const ids = folder.taskIds().filter((id) => folder.readTask(id)?.stage === 'retrain');
  return ids.map((id) => folder.loadResult(id)?.json).find((json) => json && json.name === network?.name);
}
