// Faults that someone could put into the code that keeps a run: each as a change of the built text, and the tests
// that must fail by it. `from` stands exactly once in the file.

const STORE = 'core/store';
const POWER = 'test/faults/power-loss-store.test.ts';
const RUN = 'test/faults/whole-run-first.test.ts';
const FAILURES = 'test/store/failures.test.ts';
const DAMAGE = 'test/store/damage.test.ts';
const OWNER = 'test/store/owner.test.ts';
const CLAIMS = 'test/store/claims.test.ts';
const FROZEN = 'test/faults/frozen-owner.test.ts';

export const STORE_FAULTS = [
  {
    fault: 'files are not synced',
    file: 'files/write-atomically.js',
    from: 'files.fsync(descriptor);',
    to: '',
    test: POWER,
  },
  {
    fault: 'folders are not synced after a commit',
    file: 'files/write-atomically.js',
    from: 'files.syncFolder(dirname(path));',
    to: '',
    test: POWER,
  },
  {
    fault: 'a file is put in its place before it is synced',
    file: 'files/write-atomically.js',
    from: 'writeWhole(files, temporary, bytes);\n        name(temporary);',
    to: `const early = files.open(temporary, 'create');
        writeFully(files, early, bytes);
        name(temporary);
        files.syncFolder(dirname(path));
        files.fsync(early);
        files.close(early);`,
    test: POWER,
  },
  {
    fault: 'the number of bytes written is not checked',
    file: 'files/write-atomically.js',
    from: 'done += count;',
    to: 'done = bytes.length;',
    test: FAILURES,
  },
  {
    fault: 'the journal is not synced',
    file: 'files/journal.js',
    from: 'if (lasting)',
    to: 'if (false)',
    test: POWER,
  },
  {
    fault: "a torn line's rest is not cut off the journal",
    file: 'files/journal.js',
    from: 'this.#files.truncate(descriptor, this.#last.end);',
    to: ';',
    test: FAILURES,
  },
  {
    fault: 'folders that a killed process left unsynced are taken as lasting',
    file: 'files/make-folder.js',
    from: 'try {\n        makeOne(files, path);\n    }',
    to: 'try {\n        files.stat(path);\n        return;\n    }\n    catch { }\n    try {\n        makeOne(files, path);\n    }',
    test: POWER,
  },
  {
    fault: 'checkpoints are removed before the next one is proven',
    file: `${STORE}/checkpoints.js`,
    from: 'this.#disk.makeFolder(folder);',
    to: 'this.#disk.makeFolder(folder);\n        this.#removeAllBut(folder, []);',
    test: FAILURES,
  },
  {
    fault: 'only the last checkpoint is kept',
    file: `${STORE}/checkpoints.js`,
    from: '[MANIFEST, current.file, previous?.file]',
    to: '[MANIFEST, current.file]',
    test: 'test/faults/rot.test.ts',
  },
  {
    fault: 'checkpoints are removed before the result is committed',
    file: `${STORE}/task-files.js`,
    from: 'const { bytes } = sealState(state, name, this.#disk.machineFolders);',
    to: 'const { bytes } = sealState(state, name, this.#disk.machineFolders);\n        this.#checkpoints.drop(task);',
    test: FAILURES,
  },
  {
    fault: 'seals are not checked',
    file: 'files/sealed-state.js',
    from: 'if (claimed !== unsealed)',
    to: 'if (false)',
    test: DAMAGE,
  },
  {
    fault: 'an output is sealed after it is written, not before',
    file: `${STORE}/attached-run-folder.js`,
    from: 'if (this.seals.announce(file, bytes))\n            this.disk.write(file, bytes);',
    to: 'this.disk.write(file, bytes);\n        this.seals.announce(file, bytes);',
    test: FAILURES,
  },
  {
    fault: 'the owner is not checked at a commit',
    file: `${STORE}/task-files.js`,
    from: '#owned(task, write) {\n        this.#check(task);',
    to: '#owned(task, write) {',
    test: FROZEN,
  },
  {
    fault: 'a result is committed by a rename instead of a link',
    file: 'files/disk.js',
    from: 'return createOnce(this.files, this.path(name), bytes);',
    to: 'writeAtomically(this.files, this.path(name), bytes);\n        return true;',
    test: DAMAGE,
  },
  {
    fault: 'a claim that was lost may still be written by',
    file: `${STORE}/task-claims.js`,
    from: 'const loss = lossOf(claim, number);',
    to: 'const loss = undefined;',
    test: CLAIMS,
  },
  {
    fault: 'a lease lapses though it was renewed',
    file: 'files/ownership/lease.js',
    from: 'if (same && before.renewals === renewals)',
    to: 'if (same)',
    test: CLAIMS,
  },
  {
    fault: 'claims of an owner that has lost the run still hold',
    file: `${STORE}/task-claims.js`,
    from: 'return run !== undefined && lossOf(',
    to: 'return false && lossOf(',
    test: CLAIMS,
  },
  {
    fault: 'a run is taken by a rename instead of a link',
    file: 'files/write-atomically.js',
    from: 'files.link(temporary, path);',
    to: 'files.rename(temporary, path);',
    test: OWNER,
  },
  {
    fault: 'the step of a cell is saved one too high, as if a batch read ahead were consumed',
    file: 'plugins/distill/cell-trainer.js',
    from: 'loss: this.loss };\n        return { json, tensors };',
    to: 'loss: this.loss };\n        json.step++;\n        return { json, tensors };',
    test: RUN,
  },
  {
    fault: "a cell's optimiser does not come back",
    file: 'plugins/distill/cell-trainer.js',
    from: 'this.#optimiser.load(stateUnder(tensors, OPTIMISER));',
    to: '',
    test: RUN,
  },
  {
    fault: 'the optimiser of the retraining does not come back',
    file: 'nn/training/classifier-trainer.js',
    from: 'this.#training.optimiser.load(stateUnder(state, OPTIMISER));',
    to: '',
    test: RUN,
  },
  {
    fault: 'the moving average does not come back',
    file: 'nn/training/classifier-trainer.js',
    from: 'this.#average?.load(stateUnder(state, AVERAGE));',
    to: '',
    test: RUN,
  },
  {
    fault: 'the draws of dropout begin anew at each start',
    file: 'nn/training/classifier-trainer.js',
    from: 'random.fork(this.step)',
    to: 'random.fork((this.drawn = (this.drawn ?? 0) + 1))',
    test: RUN,
  },
  {
    fault: 'the order of the images begins anew at each start',
    file: 'plugins/retrain-scratch/batch-reader.js',
    from: 'order.indices(step)',
    to: 'order.indices((order.read = (order.read ?? -1) + 1))',
    test: RUN,
  },
  {
    fault: "the augmentation's draws begin anew at each start",
    file: 'plugins/retrain-scratch/batch-reader.js',
    from: "random.fork('augment', step,",
    to: "random.fork('augment', (order.drawn = (order.drawn ?? -1) + 1),",
    test: RUN,
  },
  {
    fault: 'timed checkpoints keep their interval, however long they take',
    file: 'core/work/checkpoint-pacer.js',
    from: 'Math.max(checkpointSeconds, ',
    to: 'Math.min(checkpointSeconds, ',
    test: 'test/faults/checkpoint-pacer.test.ts',
  },
  {
    fault: 'numbers of former owners are swept',
    file: 'files/ownership/owner.js',
    from: '(?:released|renewed)',
    to: '(?:json|released|renewed)',
    test: OWNER,
  },
  {
    fault: 'a number is looked for in the folder alone',
    file: 'files/ownership/owner.js',
    from: 'while (hasFile(ownable, ownerPath(folder, last + 1)))',
    to: 'while (false)',
    test: OWNER,
  },
  {
    fault: 'a journal is gone on with in the file that its last owner has open',
    file: 'files/journal.js',
    from: 'if (bytes)',
    to: 'if (false)',
    test: OWNER,
  },
];
