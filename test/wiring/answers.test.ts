import { run } from 'dna-nas/configuration';
import { pathOf } from 'dna-nas/core/space';
import { planRun } from 'dna-nas/run-tools';
import { beforeAll, describe, expect, it } from 'vitest';
import { ANSWERING, answerTo, GAINS, meanDivergence, SPLITS } from './answering.js';
import { type Note, WitnessedRun, witnessedRun, witnessRequest } from './witnessed-run.js';

const [BATCH, BATCHES] = [8, 2];

const rated = (set: readonly string[] = []) => witnessedRun([...ANSWERING, ...set], 'rank');
const cells = [1, 2].flatMap((block) => [1, 2].map((cell) => ({ block, cell, layers: cell })));

/** The rating of a path, from the definition. */
function divergence(
  images: readonly number[],
  { gain, block, temperature }: { gain: number; block: number; temperature: number },
): number {
  const answer = (index: number, gain: number) =>
    answerTo([gain * index, gain * SPLITS.validation], { block, factor: 1 / temperature });
  return meanDivergence(images.map((index) => [answer(index, 1), answer(index, gain)]));
}

function expectRatings(found: WitnessedRun, temperature: number): void {
  const reads = found.by('data', 'rank').filter(({ split }) => split === 'validation');
  const images = reads.slice(0, BATCHES).flatMap((read) => read.images);
  for (const { block, cell, layers } of cells) {
    const { data } = found.result(`rate-b${block}-c${cell}`).tensors.get('ratings')!;
    expect(data).toHaveLength(GAINS.length ** layers);
    data.forEach((rating, number) => {
      const path = pathOf(number, Array(layers).fill(GAINS.length));
      const gain = path.reduce((product, operation) => product * GAINS[operation]!, 1);
      if (gain === 1) expect(rating).toBe(0);
      else expect(Math.abs(rating / divergence(images, { gain, block, temperature }) - 1)).toBeLessThan(1e-4);
    });
  }
}

describe("a rating by the teacher's answer", () => {
  let found: WitnessedRun;
  let answers: readonly (readonly Note[])[];

  beforeAll(async () => {
    found = await rated();
    const notes = found.by('answer', 'rank');
    // Cells one after another, each with its candidates and the teacher's own map in every batch.
    const counts = cells.map(({ layers }) => BATCHES * (1 + GAINS.length ** layers));
    expect(notes).toHaveLength(counts.reduce((sum, count) => sum + count, 0));
    answers = byCell(notes);
  });

  it('is the divergence in float64, and 0 for the own block of the teacher', () => expectRatings(found, 1));

  it('is that of the logits by the temperature', async () =>
    expectRatings(await rated(['rank.rating.temperature=2.5']), 2.5));

  it.each(['batch', 'running'])(
    'asks for all answers by the statistics that it is told, %s',
    async (statistics) => {
      const asked = await rated([`rank.rating.statistics=${statistics}`, 'rank.batches=1']);
      expect(new Set(asked.by('answer', 'rank').map((each) => each.statistics))).toEqual(
        new Set([statistics]),
      );
      if (statistics === 'batch')
        expect(new Set(answers.flat().map((each) => each.statistics))).toEqual(new Set(['batch']));
    },
  );

  it('asks for the answer of the teacher once a batch, and once for each candidate', () => {
    for (const notes of answers) {
      const half = notes.length / BATCHES;
      for (let batch = 0; batch < BATCHES; batch++) {
        const [own, ...candidates] = notes.slice(batch * half, (batch + 1) * half);
        // The teacher's map has the pixels of the images, the first candidate is the teacher's own block.
        expect(own!.marks).toHaveLength(BATCH);
        expect(candidates[0]!.marks).toEqual(own!.marks);
        expect(candidates[1]!.marks).toEqual(own!.marks!.map((values) => values.map((value) => value / 2)));
      }
    }
  });

  it('holds no more tensors in the second batch than in the first', () => {
    for (const notes of answers) {
      const counts = notes.map((each) => each.tensors);
      expect(counts.slice(counts.length / BATCHES)).toEqual(counts.slice(0, counts.length / BATCHES));
    }
  });

  it('runs each path alone to the same ratings', async () => {
    const alone = await rated(['rank.sharePrefixes=false']);
    expect(alone.json('ratings.json')).toEqual(found.json('ratings.json'));
  });

  it("gives the teacher maps of its own resolution where the student's is another", async () => {
    const resized = await rated(['teacher.size=48']);
    const shapes = resized.by('answer', 'rank').map(({ shape, behind }) => [behind, ...shape]);
    expect([...new Set(shapes.map((shape) => shape.join()))].sort()).toEqual(['0,12,12', '1,6,6']);
    expectRatings(resized, 1);
  });

  it('is forecast: the teacher up to the block for all, and the rest of it for each candidate and itself', async () => {
    const { stages } = await planRun(witnessRequest(ANSWERING), { seconds: 0 });
    const work = cells.map(({ block, layers }) => {
      const behind = 1e6 * (3 - block);
      // 8×8 and 4×4 with 3×3 channels; the first block has the stem before its layers.
      const path = block === 1 ? 576 * (layers + 1) : 144 * layers;
      // Nodes of the tree: 3, or 3 + 9, in units of a path.
      const tree = (layers === 1 ? 3 : 12 / 2) * path;
      const [features, answers] = [tree + 3e6 - behind, (GAINS.length ** layers + 1) * behind];
      return BATCH * ((BATCHES + 1) * features + BATCHES * answers);
    });
    const sum = work.reduce((total, each) => total + each, 0);
    expect(stages.find(({ stage }) => stage === 'rank')!.macs).toBeCloseTo(sum, 3);
  });

  it('is refused before anything is trained where the teacher gives no answer', async () => {
    const request = witnessRequest([...ANSWERING, 'teacher.answers=false']);
    await expect(run(request, { inline: true })).rejects.toMatchObject({
      code: 'RATING_ANSWERS',
      message: expect.stringMatching(/rating-answer-kl .* teacher witness cannot go on .* behind stage 1/),
    });
    const begun = new WitnessedRun(request.project).by('stage').map(({ stage }) => stage);
    expect(begun.at(-1)).toBe('supernet');
    const { findings } = await planRun(request, { seconds: 0 });
    expect(findings.find(({ check }) => check === 'rank')).toMatchObject({ verdict: 'problem' });
  });
});

/** Each cell's answers: all behind one stage, of one number of candidates. */
function byCell(notes: readonly Note[]): (readonly Note[])[] {
  const left = [...notes];
  const order = cells.toSorted((a, b) => b.layers - a.layers);
  return order.map(({ layers }) => left.splice(0, BATCHES * (1 + GAINS.length ** layers)));
}
