import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { openRunFolder } from 'dna-nas/core/store';
import { mistakes } from './check.js';

const started = (project: string) =>
  run({ project }, { inline: true, until: 'distill' }).then(() => undefined);
const file =
  (name: string, text = '') =>
  (project: string) => {
    mkdirSync(join(project, name, '..'), { recursive: true });
    writeFileSync(join(project, name), text);
  };
const DIFFERENCES = [
  'seed=9',
  'distill.epochs=4',
  'distill.batch=8',
  'rank.batch=8',
  'retrain.epochs=2',
  'space.head=24',
];

/** Run folders. */
mistakes([
  {
    name: 'a run of another configuration',
    before: started,
    words: ['run', '--set', 'distill.epochs=4', '--set', 'seed=9'],
    code: 2,
  },
  {
    name: 'a run of a configuration that differs everywhere',
    before: started,
    words: ['run', ...DIFFERENCES.flatMap((setting) => ['--set', setting])],
    code: 2,
  },
  { name: 'a run folder that is a file', before: file('runs/tiny'), words: ['run'], code: 2 },
  { name: 'a folder of runs that is a file', before: file('runs'), words: ['run'], code: 2 },
  {
    name: 'a run that another process works on',
    async before(project) {
      await started(project);
      // This very process: as alive as any other.
      openRunFolder(join(project, 'runs/tiny'));
    },
    words: ['run'],
    code: 1,
  },
  { name: 'a damaged config.json', before: file('runs/tiny/config.json', '{'), words: ['run'], code: 1 },
  { name: 'a task of a folder that is not there', words: ['task', 'runs/nowhere', 'train-b1-c1'], code: 2 },
  {
    name: 'a task of a folder that holds no run',
    before: file('runs/tiny/x'),
    words: ['task', 'runs/tiny', 'train-b1-c1'],
    code: 2,
  },
  {
    name: 'a task that the run does not have',
    before: started,
    words: ['task', 'runs/tiny', 'train-b9-c1'],
    code: 2,
  },
]);

// Only Linux has a place where nobody, not even root, can make a folder.
if (process.platform === 'linux') {
  mistakes([
    {
      name: 'a folder for runs where none can be made',
      words: ['run', '--set', 'runs=/proc/nowhere'],
      code: 2,
    },
  ]);
}
