import { list, number, object, text } from './builders.js';

const ids = (description: string) => list({ type: 'string' }, description);

/** What is told of any task; `claimant` is absent where nobody works on it. */
export const taskProperties = {
  id: text('What `dna task` takes.'),
  stage: { enum: ['distill', 'rank', 'retrain'], description: 'The stage that it is a part of.' },
  state: {
    enum: ['finished', 'claimed', 'ready', 'waiting'],
    description:
      'claimed: a process works on it, or did on another host; ready: it can be executed; waiting: for tasks that it needs.',
  },
  needs: ids('Tasks whose results it reads.'),
  missing: ids('Those of them that have no result yet.'),
  work: number('Multiply-adds that it takes.'),
  claimant: object(
    {
      host: text('Name of the machine.'),
      pid: number('Its process.'),
      since: text('When it claimed the task, ISO 8601.'),
    },
    [],
  ),
};

/** What `dna tasks --json` prints. */
export const tasks = object({
  run: text('Name of the run.'),
  complete: { type: 'boolean', description: 'Whether the run has ended.' },
  tasks: list(object(taskProperties, ['claimant']), 'The tasks that are laid out so far, by stage.'),
});
