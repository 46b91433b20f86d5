import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import type { LedgerRow } from 'dna-nas/core/stages';
import { describe, expect, it } from 'vitest';
import { folderOf, layOut, ready, sharedProject, start, task } from './shared-run.js';
import { tinyProject, tinyRequest } from './tiny-run.js';

interface Summary {
  readonly ledger: readonly LedgerRow[];
  readonly stages: Readonly<Record<string, number>>;
}

const summaryOf = (project: string): Summary =>
  JSON.parse(readFileSync(join(folderOf(project), 'summary.json'), 'utf8'));
const places = ({ ledger }: Summary) => ledger.map(({ stage, device }) => `${stage} ${device}`.trim());

describe('the ledger of a run', () => {
  it('has the threads of each stage on their devices, and adds up', async () => {
    const project = await tinyProject();
    const set = ['checkpointSeconds=0.001', 'workers=2', 'devices=[0]'];
    const told = await run(tinyRequest(project, { set }));
    const summary = summaryOf(project);
    expect(summary.ledger).toEqual(told!.ledger);
    expect(places(summary)).toEqual(['distill core 0', 'rank core 0', 'search', 'retrain core 0']);
    for (const { stage, seconds, compute, ...row } of summary.ledger) {
      const { teacher, data, threads, checkpoints } = row;
      expect(compute, stage).toBeGreaterThan(0);
      expect(compute + teacher + data + threads + checkpoints).toBeCloseTo(seconds, 6);
      // Two threads work for as long as the stage takes, at most.
      expect(seconds).toBeLessThanOrEqual(2 * summary.stages[stage]!);
    }
    const [distill, rank, , retrain] = summary.ledger;
    expect(distill!.teacher).toBeGreaterThan(0);
    for (const { checkpoints } of [distill!, retrain!]) expect(checkpoints).toBeGreaterThan(0);
    expect(rank!.data).toBeGreaterThan(0);
    expect(await run(tinyRequest(project))).toMatchObject({ ledger: summary.ledger });
  });

  it('has tasks that other processes executed, apart', async () => {
    const project = await sharedProject();
    await layOut(project);
    for (const id of ready(project)) await task(project, id);
    await start(project);
    const summary = summaryOf(project);
    expect(places(summary)).toEqual(['distill elsewhere', 'rank', 'search', 'retrain']);
    expect(summary.ledger[0]!.teacher).toBeGreaterThan(0);
  });
});
