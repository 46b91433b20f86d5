import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachRunFolder, openRunFolder } from 'dna-nas/core/store';
import { describe, expect, test } from 'vitest';
import { failure, stateOf, temporaryRuns } from './temporary-folder.js';

const newRun = temporaryRuns();

/** A run with checkpoints of steps 1 to `steps` of task `t`. */
function runWithCheckpoints(steps: number) {
  const folder = newRun();
  const run = openRunFolder(folder);
  run.writeJson('config', {});
  for (let step = 1; step <= steps; step++) run.saveCheckpoint('t', step, stateOf(step));
  const checkpoints = join(folder, 'checkpoints', 't');
  const fileOf = (step: number) => {
    const name = readdirSync(checkpoints).find((file) => file.startsWith(`${step}-`));
    return join(checkpoints, name ?? 'none');
  };
  const reader = (noticed: string[] = []) =>
    attachRunFolder(folder, { token: run.token, noticed: (text) => noticed.push(text) });
  return { folder, run, checkpoints, fileOf, reader };
}

function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[bit >> 3]! ^= 1 << (bit & 7);
  return changed;
}

describe('checkpoints', () => {
  test('come back as they were saved, the last two of them kept', () => {
    const { run, checkpoints, reader } = runWithCheckpoints(5);
    expect(run.loadCheckpoint('t')).toEqual(stateOf(5));
    expect(reader().loadCheckpoint('t')).toEqual(stateOf(5));
    expect(Object.is(run.loadCheckpoint('t')!.tensors.get('scale')!.data[0], -0)).toBe(true);
    const steps = readdirSync(checkpoints).map((name) => name.split('-')[0]);
    expect(steps.sort()).toEqual(['4', '5', 'manifest.json']);
    expect(run.loadCheckpoint('other')).toBeUndefined();
  });

  test.each([
    ['cut short', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
    ['empty', () => new Uint8Array()],
    ['garbled', (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0x55)],
    ['of zeros', (bytes: Uint8Array) => new Uint8Array(bytes.length)],
    ['longer', (bytes: Uint8Array) => Uint8Array.from([...bytes, 0])],
  ])('one that is %s gives way to the one before, and it is told', (_, damage) => {
    const { fileOf, reader } = runWithCheckpoints(3);
    writeFileSync(fileOf(3), damage(readFileSync(fileOf(3))));
    const noticed: string[] = [];
    expect(reader(noticed).loadCheckpoint('t')).toEqual(stateOf(2));
    expect(noticed).toEqual([expect.stringMatching(/checkpoints\/t\/3-.* is damaged.*step 2/)]);
  });

  test('any flipped bit is found', () => {
    const { fileOf, reader } = runWithCheckpoints(3);
    const path = fileOf(3);
    const whole = readFileSync(path);
    const store = reader();
    for (let bit = 0; bit < whole.length * 8; bit += 7) {
      writeFileSync(path, flipBit(whole, bit));
      expect(store.loadCheckpoint('t')!.json.step, `bit ${bit}`).toBe(2);
    }
  });

  test('a state of one task is not taken for that of another', () => {
    const { run, fileOf, folder, reader } = runWithCheckpoints(2);
    run.saveCheckpoint('u', 2, { ...stateOf(2), json: { step: 2, other: true } });
    const [other] = readdirSync(join(folder, 'checkpoints', 'u')).filter((name) => name.startsWith('2-'));
    writeFileSync(fileOf(2), readFileSync(join(folder, 'checkpoints', 'u', other!)));
    expect(reader().loadCheckpoint('t')).toEqual(stateOf(1));
  });

  test('after falling back, the whole one is kept beside the next', () => {
    const { fileOf, reader } = runWithCheckpoints(3);
    writeFileSync(fileOf(3), 'garbage');
    reader().saveCheckpoint('t', 4, stateOf(4));
    writeFileSync(fileOf(4), 'garbage');
    expect(reader().loadCheckpoint('t')).toEqual(stateOf(2));
  });

  test('saving the same step with another state keeps both', () => {
    const { run, reader } = runWithCheckpoints(1);
    run.saveCheckpoint('t', 1, { ...stateOf(1), json: { step: 1, again: true } });
    run.saveCheckpoint('t', 1, { ...stateOf(1), json: { step: 1, again: true } });
    expect(reader().loadCheckpoint('t')!.json.again).toBe(true);
  });

  test.each([
    '',
    '{',
    '{"current":{"step":3,"file":"../../config.json","sha256":""},"previous":null}',
    'null',
    '\xff',
  ])('a manifest that is %j is passed over: the files prove themselves', (text) => {
    const { checkpoints, reader } = runWithCheckpoints(3);
    writeFileSync(join(checkpoints, 'manifest.json'), text, 'latin1');
    const noticed: string[] = [];
    expect(reader(noticed).loadCheckpoint('t')).toEqual(stateOf(3));
    expect(noticed).toEqual([expect.stringMatching(/manifest.json is damaged/)]);
  });

  test('where none is whole, it says so and never starts over by itself', () => {
    const { fileOf, reader } = runWithCheckpoints(3);
    rmSync(fileOf(2));
    writeFileSync(fileOf(3), 'garbage');
    const error = failure(() => reader().loadCheckpoint('t'));
    expect(error.code).toBe('STORE_CHECKPOINTS_CORRUPT');
    expect(error.message).toMatch(/3-.* is damaged.*2-.* is missing/);
    expect(error.hint).toMatch(/checkpoints\/t/);
  });
});

describe('results', () => {
  test('are committed once and end the checkpoints', () => {
    const { run, folder, reader } = runWithCheckpoints(2);
    expect(run.hasResult('t')).toBe(false);
    expect(run.loadResult('t')).toBeUndefined();
    reader().commitResult('t', stateOf(9));
    expect(run.hasResult('t')).toBe(true);
    expect(failure(() => run.commitResult('t', stateOf(10))).code).toBe('RESULT_EXISTS');
    expect(run.loadResult('t')).toEqual(stateOf(9));
    expect(readdirSync(join(folder, 'checkpoints'))).toEqual([]);
    expect(readdirSync(join(folder, 'results'))).toEqual(['t.safetensors']);
    expect(run.resultIds()).toEqual(['t']);
  });

  test('any flipped bit and any missing end is found', () => {
    const { run, folder } = runWithCheckpoints(0);
    run.commitResult('t', stateOf(9));
    const path = join(folder, 'results', 't.safetensors');
    const whole = readFileSync(path);
    for (let bit = 0; bit < whole.length * 8; bit += 7) {
      writeFileSync(path, flipBit(whole, bit));
      expect(failure(() => run.loadResult('t')).code, `bit ${bit}`).toBe('STORE_CORRUPT');
    }
    for (let length = 0; length < whole.length; length += 5) {
      writeFileSync(path, whole.subarray(0, length));
      expect(failure(() => run.loadResult('t')).code, `length ${length}`).toBe('STORE_CORRUPT');
    }
  });

  test('equal states give equal files', () => {
    const { run, folder } = runWithCheckpoints(0);
    const { json, tensors } = stateOf(4);
    run.commitResult('a', { json, tensors });
    run.commitResult('b', { json, tensors: new Map([...tensors].reverse()) });
    const [a, b] = ['a', 'b'].map((id) => readFileSync(join(folder, 'results', `${id}.safetensors`)));
    expect(a!.equals(b!)).toBe(true);
  });
});
