import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { PluginCommand } from 'dna-nas/core';
import { spaceNasBenchMacro } from 'dna-nas/plugins/space-nas-bench-macro';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../repository/sources.js';
import { temporaryFolder } from './plugin-run.js';

const project = temporaryFolder();
const [command] = spaceNasBenchMacro.definition.commands as [PluginCommand];

async function get(from: string) {
  const printed: string[] = [];
  const tools = { project, print: (text: string) => void printed.push(text), note: () => {} };
  const error = await command.run({ to: 'macro', from }, tools).then(
    () => undefined,
    (found) => found,
  );
  return { error, printed };
}

/** The address of a server that answers every request so. */
async function serve(status: number, content: string): Promise<string> {
  const server = createServer((_, response) => void response.writeHead(status).end(content));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/table.json`;
}

function file(content: string): string {
  writeFileSync(join(project, 'table'), content);
  return 'table';
}

describe('dna data get nas-bench-macro, where it cannot', () => {
  it('says what the network says, and what to bring along', async () => {
    const closed = 'http://127.0.0.1:1/table.json';
    for (const [address, reason] of [
      [await serve(404, ''), /the server answers 404/],
      [closed, /could not be fetched: (?!fetch failed)/],
    ] as const) {
      const { error } = await get(address);
      expect(error).toMatchObject({ code: 'DATA_DOWNLOAD', message: expect.stringMatching(reason) });
      expect(error.hint).toMatch(/--from nas-bench-macro_cifar10\.json/);
    }
  });

  it.each([
    [
      'another JSON',
      '{"00000000": {"test_acc": [1, 2, 3], "params": 4, "flops": 5}}',
      /it has 1 rows of SHA-256/,
    ],
    ['JSON that is cut off', '{"00000000": {"test_acc": [1', /expected the JSON of the benchmark/],
    ['JSON of another form', '{"00000000": 45.3}', /expected the JSON of the benchmark/],
    ['another header', 'arch,acc\n00000000,4\n', /it begins with "arch,acc"; expected arch,acc0/],
    [
      'a changed row',
      'arch,acc0,acc1,acc2,params,flops\n00000000,45.32,45.33,45.45,387882,7713280\n',
      /it has 1 rows/,
    ],
  ])('refuses %s', async (_, content, message) => {
    const { error } = await get(file(content));
    expect(error).toMatchObject({ code: 'DATA_CORRUPT', message: expect.stringMatching(message) });
    expect(existsSync(join(project, 'macro'))).toBe(false);
  });

  it('misses a file that is not there', async () => {
    expect((await get('nowhere.json')).error).toMatchObject({ code: 'DATA_FILE_MISSING' });
  });
});

const table =
  process.env.DNA_NAS_BENCH_MACRO ??
  join(ROOT, '..', 'shared', 'data', 'nas-bench-macro', 'nas-bench-macro_cifar10.csv');
if (!existsSync(table))
  it.skip('the real table: skipped, as DNA_NAS_BENCH_MACRO names no copy of it', () => {});
else
  it('writes the real table, from a file as from an address', async () => {
    const { error, printed } = await get(table);
    expect(error).toBeUndefined();
    expect(printed).toEqual([`${join('macro', 'truth.csv')} holds the accuracies of 6561 networks.`]);
    const text = readFileSync(join(project, 'macro', 'truth.csv'), 'utf8');
    const lines = text.split('\n');
    expect(lines.filter((line) => line.startsWith('#')).join('\n')).toMatch(/xiusu\/NAS-Bench-Macro.*Apache/);
    const [header, ...rows] = lines.filter((line) => line !== '' && !line.startsWith('#'));
    expect(header).toBe('architecture,accuracy,macs,params,depth,accuracy_1,accuracy_2,accuracy_3');
    expect(rows).toHaveLength(6561);
    expect(rows[0]).toBe('00000000,0.453633,7713280,387882,0,0.4532,0.4533,0.4544');
    const best = Math.max(...rows.map((row) => Number(row.split(',')[1])));
    const bestRows = rows.filter((row) => Number(row.split(',')[1]) === best);
    // Two texts of one network.
    expect(bestRows.map((row) => row.split(',').slice(0, 5).join())).toEqual([
      '22212202,0.931267,85164544,1985514,7',
      '22212220,0.931267,85164544,1985514,7',
    ]);
    expect((await get(await serve(200, readFileSync(table, 'utf8')))).error).toBeUndefined();
    expect(readFileSync(join(project, 'macro', 'truth.csv'), 'utf8')).toBe(text);
  });
