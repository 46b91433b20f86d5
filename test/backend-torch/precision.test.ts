import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { CAMPAIGN, inCampaign } from '../faults/extent.js';
import { describeTorch } from './installed.js';

interface Training {
  readonly losses: readonly number[];
  /** Largest errors of products of 8, 63, 64 and 256 vectors, of their largest value. */
  readonly vectors: readonly number[];
}

function trained(precision: string): Training {
  const words = [join(import.meta.dirname, 'bf16-training.mjs'), precision, String(STEPS)];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as Training;
}

/** Of the training of one MBConv, and by how much its loss falls in them at least. */
const STEPS = CAMPAIGN ? 300 : 90;
const LESS = CAMPAIGN ? 4 : 2;
const WINDOW = 30;
/** Paths of a trained supernet that are rated. */
const PATHS = 200;

function windowMeans(losses: readonly number[]): number[] {
  return Array.from({ length: losses.length / WINDOW }, (_, window) => {
    const part = losses.slice(window * WINDOW, (window + 1) * WINDOW);
    return part.reduce((sum, loss) => sum + loss, 0) / WINDOW;
  });
}

/** Kendall's tau-b would be the same: ratings are never equal. */
function kendallTau(a: readonly number[], b: readonly number[]): number {
  let agreement = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) agreement += Math.sign((a[i]! - a[j]!) * (b[i]! - b[j]!));
  }
  return agreement / ((a.length * (a.length - 1)) / 2);
}

describeTorch('bf16', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dna-precision-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Ratings of some paths, by a process of its own: a backend keeps its precision. */
  function ratings(precision: string): number[] {
    const script = join(import.meta.dirname, 'rate-paths.mjs');
    const words = [script, precision, join(folder, 'cell.safetensors'), String(PATHS)];
    return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as number[];
  }

  it('trains as float32 does, and keeps vectors in float32 however many images there are', () => {
    const exact = trained('float32');
    const narrow = trained('bf16');
    expect(exact.losses.at(-1)).toBeLessThan(exact.losses[0]! / LESS);
    expect(narrow.losses).not.toEqual(exact.losses);
    // A stored value is off by 2⁻⁹ of itself at most. Were all values of y off to the same side, the loss would be by
    // twice that; errors to either side, and sums that are rounded, come to less. Over the steps the weights part by
    // little, as each step's gradient is off by as little.
    const found = windowMeans(narrow.losses);
    for (const [window, loss] of windowMeans(exact.losses).entries()) {
      expect(Math.abs(found[window]! / loss - 1), `steps from ${window * WINDOW} on`).toBeLessThan(2 ** -8);
    }
    // Forty products and their sum, each rounded to 24 bits; bf16 would be off by 2⁻⁹.
    for (const error of [...exact.vectors, ...narrow.vectors]) expect(error).toBeLessThan(40 * 2 ** -24);
  });

  inCampaign(`ranks ${PATHS} paths of a trained supernet as float32 does`, async () => {
    const exact = ratings('float32');
    const narrow = ratings('bf16');
    expect(exact).toHaveLength(PATHS);
    expect(new Set(exact).size).toBeGreaterThan(0.95 * PATHS);
    expect(narrow).not.toEqual(exact);
    expect(kendallTau(exact, narrow)).toBeGreaterThanOrEqual(0.95);
  });

  inCampaign('rates in float32 to the same bits each time', async () => {
    expect(ratings('float32')).toEqual(ratings('float32'));
  });
});
