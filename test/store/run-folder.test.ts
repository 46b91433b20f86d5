import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { attachRunFolder, openRunFolder } from 'dna-nas/core/store';
import { nodeFiles } from 'dna-nas/files';
import { describe, expect, test } from 'vitest';
import { failure, stateOf, temporaryRuns } from './temporary-folder.js';

const newRun = temporaryRuns();
const NOON = Date.UTC(2026, 0, 1, 12);

describe('journal', () => {
  test('numbers and dates its events, also after a reopening', () => {
    const folder = newRun();
    const first = openRunFolder(folder, { clock: () => NOON });
    expect(first.journal({ event: 'started', workers: 2 })).toBe(1);
    expect(first.journal({ event: 'ended' })).toBe(2);
    first.release();
    const second = openRunFolder(folder, { clock: () => NOON + 1000 });
    expect(second.journal({ event: 'started' })).toBe(3);
    expect(second.readJournal()).toEqual([
      { sequence: 1, time: '2026-01-01T12:00:00.000Z', event: 'started', workers: 2 },
      { sequence: 2, time: '2026-01-01T12:00:00.000Z', event: 'ended' },
      { sequence: 3, time: '2026-01-01T12:00:01.000Z', event: 'started' },
    ]);
    second.release();
  });

  test('a torn last line is cut off before the next, wherever it was torn', () => {
    const folder = newRun();
    const path = join(folder, 'journal.jsonl');
    let run = openRunFolder(folder, { clock: () => NOON });
    run.journal({ event: 'whole' });
    run.journal({ event: 'zwölf' });
    run.release();
    const whole = readFileSync(path);
    const firstLine = whole.indexOf('\n') + 1;
    for (let length = firstLine; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      // A process that dies in the middle of a line has not sealed it.
      rmSync(join(folder, 'manifest.json'));
      const noticed: string[] = [];
      run = openRunFolder(folder, { clock: () => NOON, noticed: (text) => noticed.push(text) });
      expect(run.readJournal()).toHaveLength(1);
      run.journal({ event: 'zwölf' });
      expect(readFileSync(path).equals(whole)).toBe(true);
      expect(noticed).toEqual([]);
      run.release();
    }
  });

  test('a garbled line in the middle and a missing one are told, the others are read', () => {
    const folder = newRun();
    const run = openRunFolder(folder);
    for (let index = 0; index < 5; index++) run.journal({ event: 'step', index });
    run.release();
    const path = join(folder, 'journal.jsonl');
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[1] = lines[1]!.slice(0, 20);
    lines.splice(3, 1);
    writeFileSync(path, lines.join('\n'));
    const noticed: string[] = [];
    const again = openRunFolder(folder, { noticed: (text) => noticed.push(text) });
    expect(again.journalProblems()).toEqual([
      'line 2 of the journal is garbled',
      'line 4 of the journal has sequence number 5, expected 4',
      'the journal ends after line 4; it had 5 when it was sealed',
    ]);
    expect(noticed).toHaveLength(3);
    expect(again.journal({ event: 'after' })).toBe(6);
    expect(again.readJournal().map((entry) => entry.sequence)).toEqual([1, 3, 5, 6]);
    again.release();
  });

  test('keeps no absolute folder of this machine and no number that JSON lacks', () => {
    const folder = newRun();
    const run = openRunFolder(folder);
    const message = `failed in ${join(folder, 'x')} and "${process.cwd()}/core/run.js:3" below ${homedir()}`;
    run.journal({ event: 'runFailed', message, loss: Number.NaN });
    const text = readFileSync(join(folder, 'journal.jsonl'), 'utf8');
    for (const place of [folder, process.cwd()]) expect(text).not.toContain(place);
    expect(run.readJournal()[0]).toMatchObject({
      loss: 'NaN',
      message: 'failed in ./x and "./core/run.js:3" below .',
    });
    run.release();
  });
});

describe('outputs', () => {
  test('JSON, text and bytes come back; what was never written is undefined', () => {
    const folder = newRun();
    const run = openRunFolder(folder);
    run.writeJson('config', { seed: 1 });
    run.writeJson('ratings', [{ loss: 0.1, missing: undefined }]);
    run.writeOutput('report.html', '<p>ß</p>');
    run.writeOutput('weights.safetensors', Uint8Array.of(1, 2));
    const reader = attachRunFolder(folder);
    expect(reader.readJson('ratings')).toEqual([{ loss: 0.1 }]);
    expect(reader.readOutput('weights.safetensors')).toEqual(Buffer.of(1, 2));
    expect(Buffer.from(reader.readOutput('report.html')!).toString()).toBe('<p>ß</p>');
    expect(reader.readJson('architecture')).toBeUndefined();
    expect(reader.readOutput('report.svg')).toBeUndefined();
    run.release();
  });

  test('tasks are files', () => {
    const run = openRunFolder(newRun());
    const task = {
      id: 'rate-b1-c2',
      stage: 'rank',
      needs: ['train-b1-c2'],
      work: 12,
      input: { block: 1 },
    } as const;
    run.writeTask(task);
    run.writeTask({ ...task, id: 'a' });
    expect(run.readTask('rate-b1-c2')).toEqual(task);
    expect(run.readTask('none')).toBeUndefined();
    expect(run.taskIds()).toEqual(['a', 'rate-b1-c2']);
    run.release();
  });

  test('tasks that are laid out together are made to last together, and not again', () => {
    let synced = 0;
    const syncFolder = (path: string) => {
      if (path.endsWith('tasks')) synced++;
      nodeFiles.syncFolder(path);
    };
    const run = openRunFolder(newRun(), { files: { ...nodeFiles, syncFolder } });
    const before = synced;
    const tasks = [...Array(20).keys()].map(
      (index) => ({ id: `train-${index}`, stage: 'distill', needs: [], work: 1, input: {} }) as const,
    );
    run.writeTasks(tasks);
    expect(synced - before).toBe(1);
    run.writeTasks(tasks);
    expect(synced - before).toBe(1);
    expect(run.taskIds()).toHaveLength(20);
    run.release();
  });

  test.each([
    [{ a: [{ b: Number.POSITIVE_INFINITY }] }, /a\[0\]\.b is Infinity/],
    [{ a: new Map() }, /a is a Map/],
    [{ a: Float32Array.of(1) }, /a is a Float32Array/],
    [{ a: () => 1 }, /a is of type function/],
    [1n, /the value is of type bigint/],
    [undefined, /the value is of type undefined/],
    [{ data: { folder: join(process.cwd(), 'images') } }, /data\.folder is the absolute path/],
    [[`${homedir()}`], /\[0\] is the absolute path/],
  ])('JSON that would lose something or name this machine is refused: %o', (value, message) => {
    const run = openRunFolder(newRun());
    const error = failure(() => run.writeJson('ratings', value));
    expect(error.code).toBe('STORE_VALUE_INVALID');
    expect(error.message).toMatch(message);
    expect(run.readJson('ratings')).toBeUndefined();
    run.release();
  });

  test.each(['', '..', '../x', 'a/b', '.hidden', 'journal', 'lock', 'Results', 'x'.repeat(200), 'a\0', 'ü'])(
    'the name %j is refused',
    (name) => {
      const run = openRunFolder(newRun());
      expect(failure(() => run.writeJson(name, 1)).code).toBe('STORE_NAME_INVALID');
      run.release();
    },
  );

  test.each(['', '../x', 'a/b', '.hidden', '..'])('the task id %j is refused', (id) => {
    const run = openRunFolder(newRun());
    expect(failure(() => run.saveCheckpoint(id, 1, stateOf(1))).code).toBe('STORE_NAME_INVALID');
    expect(failure(() => run.loadResult(id)).code).toBe('STORE_NAME_INVALID');
    run.release();
  });

  test('a JSON file that is damaged is named', () => {
    const folder = newRun();
    const run = openRunFolder(folder);
    writeFileSync(join(folder, 'ratings.json'), '{"a":');
    const error = failure(() => run.readJson('ratings'));
    expect(error.message).toMatch(/ratings\.json is damaged: it is not JSON/);
    run.release();
  });
});

describe('folder', () => {
  test('holds the path of no machine', () => {
    const folder = newRun();
    const run = openRunFolder(folder);
    run.writeJson('config', { runs: 'runs' });
    run.journal({ event: 'started' });
    run.saveCheckpoint('t', 1, stateOf(1));
    run.commitResult('u', stateOf(1));
    for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      expect(readFileSync(join(file.parentPath, file.name)).includes(folder), file.name).toBe(false);
    }
    run.release();
  });

  test('what a killed process left half done is swept up', () => {
    const folder = newRun();
    let run = openRunFolder(folder);
    run.saveCheckpoint('done', 1, stateOf(1));
    run.commitResult('t', stateOf(9));
    run.release();
    mkdirSync(join(folder, 'checkpoints', 't'));
    writeFileSync(join(folder, 'checkpoints', 't', 'manifest.json'), 'x');
    const litter = ['', 'results', 'tasks', 'checkpoints/done'].map((place) =>
      join(folder, place, '.a.1-0-0.tmp'),
    );
    for (const file of litter) writeFileSync(file, 'half');
    run = openRunFolder(folder);
    expect(litter.filter((file) => existsSync(file))).toEqual([]);
    expect(readdirSync(join(folder, 'checkpoints'))).toEqual(['done']);
    run.release();
  });

  test('read without a token, it cannot be written', () => {
    const folder = newRun();
    const run = openRunFolder(folder);
    run.writeJson('config', {});
    const reader = attachRunFolder(folder);
    expect(failure(() => reader.saveCheckpoint('t', 1, stateOf(1))).code).toBe('STORE_READ_ONLY');
    expect(failure(() => reader.writeJson('ratings', 1)).code).toBe('STORE_READ_ONLY');
    run.release();
  });

  test('attaching to what is no run says so', () => {
    const error = failure(() => attachRunFolder(newRun()));
    expect(error).toMatchObject({ code: 'RUN_NOT_FOUND', exitCode: 2 });
  });

  test('a value of an unknown kind in the journal does no harm to later lines', () => {
    const folder = newRun();
    const run = openRunFolder(folder);
    expect(() => run.journal({ event: 'odd', value: 1n })).toThrow();
    expect(run.journal({ event: 'fine' })).toBe(1);
    run.release();
    appendFileSync(join(folder, 'journal.jsonl'), '');
    expect(run.readJournal()).toHaveLength(1);
  });
});
