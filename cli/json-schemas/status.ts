import { list, number, object, text, whole } from './builders.js';
import { taskProperties } from './tasks.js';

const job = object({
  id: text("The job's, or that of its element."),
  state: text("In the scheduler's words; `gone`: it has ended."),
});
const lastWords = text('Last line that the job wrote, or the code by which a process left the task.');

/** What `dna status --json` prints. */
export const status = object(
  {
    run: text('Name of the run.'),
    complete: { type: 'boolean', description: 'Whether the run has ended.' },
    stages: list(
      object({
        stage: text('A stage with tasks.'),
        tasks: whole('Those that are laid out.'),
        finished: whole('Those that have a result.'),
      }),
      'How far each stage is.',
    ),
    tasks: list(
      object(
        {
          ...taskProperties,
          job,
          step: whole('Steps at the last save of the last process that had it.'),
          steps: whole('Steps in all.'),
          stepsPerSecond: number('Between the first save of that process and its last.'),
          secondsLeft: number('From the last save on, at that speed.'),
          lastWords,
        },
        ['claimant', 'job', 'step', 'steps', 'stepsPerSecond', 'secondsLeft', 'lastWords'],
      ),
      'The tasks that are not finished.',
    ),
    jobs: list(
      object({ name: text('Its name in the launch.'), job, lastWords }, ['lastWords']),
      'Jobs without tasks, which go on with the run.',
    ),
    unobserved: text('Why nothing is known of jobs that were submitted.'),
  },
  ['unobserved'],
);
