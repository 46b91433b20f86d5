import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeTorch } from './installed.js';

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

  /** Ratings of 200 paths, by a process of its own: a backend keeps its precision. */
  function ratings(precision: string): number[] {
    const script = join(import.meta.dirname, 'rate-paths.mjs');
    const file = join(folder, 'cell.safetensors');
    return JSON.parse(
      execFileSync(process.execPath, [script, precision, file], { encoding: 'utf8' }),
    ) as number[];
  }

  it('ranks 200 paths of a trained supernet as float32 does', () => {
    const exact = ratings('float32');
    const narrow = ratings('bf16');
    expect(exact).toHaveLength(200);
    expect(new Set(exact).size).toBeGreaterThan(190);
    expect(narrow).not.toEqual(exact);
    expect(kendallTau(exact, narrow)).toBeGreaterThanOrEqual(0.95);
    expect(ratings('float32')).toEqual(exact);
  }, 240_000);
});
