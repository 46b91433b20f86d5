import { mistakes } from './check.js';

/** The command line itself: what commander finds, told as every other error. */
mistakes([
  { name: 'a misspelt command', words: ['rnu'], code: 2 },
  { name: 'a command that nothing comes near', words: ['whistle'], code: 2 },
  { name: 'a misspelt flag', words: ['run', '--prest', 'quickstart'], code: 2 },
  { name: 'a misspelt flag of a plugin command', words: ['teacher', 'train', '--epoch', '3'], code: 2 },
  { name: 'a preset without its flag', words: ['run', 'quickstart'], code: 2 },
  { name: 'a flag without its value', words: ['run', '--set'], code: 2 },
  { name: 'a task without its id', words: ['task', 'runs/tiny'], code: 2 },
  { name: 'a misspelt stage', words: ['run', '--until', 'distil'], code: 2 },
  { name: 'a stage that nothing comes near', words: ['run', '--until', 'lunch'], code: 2 },
  { name: 'an unknown plugin to list', words: ['plugins', 'loss-cosin'], code: 2 },
  {
    name: 'an option of a plugin command that is no number',
    words: ['teacher', 'train', '--epochs', 'many'],
    code: 2,
  },
]);
