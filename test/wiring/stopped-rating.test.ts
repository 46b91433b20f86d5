import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { attachRunFolder } from 'dna-nas/core/store';
import { tf } from 'dna-nas/nn';
import { describe, expect, it } from 'vitest';
import { tinyProject, tinyRequest } from '../run/tiny-run.js';
import { ANSWERING } from './answering.js';
import { type Note, WitnessedRun, witnessedRun, witnessRequest } from './witnessed-run.js';

const FINE_TUNED = [...ANSWERING, 'rank.fineTuneSteps=1'];

/** What is counted of a rating: work that is not to be done twice. */
interface Unit {
  readonly what: string;
  readonly set: readonly string[];
  readonly is: (note: Note) => boolean;
  /** The how many-eth unit each start stops in. */
  readonly stops: readonly number[];
}

const UNITS: readonly Unit[] = [
  { what: 'candidates of shared prefixes', set: [], is: ({ who }) => who === 'rating', stops: [5, 7, 20] },
  {
    what: 'candidates that run alone',
    set: ['rank.sharePrefixes=false'],
    is: ({ who }) => who === 'rating',
    stops: [5, 20],
  },
  {
    what: 'layers that are calibrated',
    set: ['rank.calibrationBatches=2'],
    is: ({ who, mode }) => who === 'layer' && mode === 'calibrate',
    stops: [4, 15],
  },
  {
    what: 'candidates that are fine-tuned',
    set: FINE_TUNED,
    is: ({ who, mode }) => who === 'rest' && mode === 'opened',
    stops: [2, 5],
  },
];

/** Runs until that many units have begun while rating, asks to stop, and expects the state to be saved. */
async function stopped(request: ReturnType<typeof witnessRequest>, is: Unit['is'], at: number) {
  const controller = new AbortController();
  let begun = 0;
  const hear = (note: Note) => {
    if (is(note) && ++begun === at) controller.abort();
  };
  process.on('dna-witness' as never, hear as never);
  try {
    const started = run(request, { inline: true, until: 'rank', signal: controller.signal });
    await expect(started).rejects.toMatchObject({ code: 'STOPPED' });
    // It ends behind the unit at work.
    expect(begun - at).toBeLessThanOrEqual(1);
  } finally {
    process.off('dna-witness' as never, hear as never);
  }
}

describe('a rating that is stopped', () => {
  it.each(UNITS)('goes on from there, by $what', async ({ set, is, stops }) => {
    const request = witnessRequest(set);
    for (const at of stops) await stopped(request, is, at);
    await run(request, { inline: true, until: 'rank' });
    const [whole, again] = [await witnessedRun(set, 'rank'), new WitnessedRun(request.project)];
    const count = (found: WitnessedRun) => found.during('rank').filter(is).length;
    expect(again.json('ratings.json')).toEqual(whole.json('ratings.json'));
    // What is at work when a stop is asked for is finished first; what leads to what is left runs again.
    expect(count(again) - count(whole)).toBeLessThanOrEqual(2 * stops.length);
    expect(count(again)).toBeGreaterThanOrEqual(count(whole));
    const folder = attachRunFolder(join(request.project, 'runs/witnessed'));
    for (const id of folder.taskIds().filter((id) => id.startsWith('rate-'))) {
      const told = folder.readMetrics(id)!.points.reduce((sum, { work }) => sum + work, 0);
      expect(told / folder.readTask(id)!.work, `the work of ${id} in its points`).toBeCloseTo(1, 4);
    }
  });
});

describe('a rating that ends', () => {
  it.each([
    ['by features', []],
    ['by features, each path alone', ['rank.sharePrefixes=false']],
    ['by answers', ANSWERING],
    ['behind fine-tuning', FINE_TUNED],
  ])('%s leaves no tensor behind', async (_, set) => {
    const request = witnessRequest(set);
    await run(request, { inline: true, until: 'distill' });
    const before = tf.memory().numTensors;
    await run(request, { inline: true, until: 'rank' });
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('leaves no tensor of batch norm’s statistics behind either', async () => {
  const few = ['distill.epochs=0.2', 'rank.batches=1', 'rank.calibrationBatches=2'];
  const request = tinyRequest(await tinyProject(), { set: few });
  await run(request, { inline: true, until: 'distill' });
  const before = tf.memory().numTensors;
  await run(request, { inline: true, until: 'rank' });
  expect(tf.memory().numTensors).toBe(before);
});

it.each([
  [ANSWERING, /rating-answer-kl .* teacher witness cannot go on from its features behind stage 1/],
  [FINE_TUNED, /the teacher witness gives none behind stage 1/],
])('a teacher that does not give what its description promises is refused, %#', async (set, message) => {
  const started = run(witnessRequest([...set, 'teacher.silent=true']), { inline: true, until: 'rank' });
  await expect(started).rejects.toMatchObject({
    code: 'RATING_ANSWERS',
    message: expect.stringMatching(message),
  });
});
