import { mistakes } from './check.js';
import { config } from './project.js';

const set = (...settings: string[]) => settings.flatMap((setting) => ['--set', setting]);
const run = (...settings: string[]) => ['run', ...set(...settings)];

/** Names and values of options. */
mistakes([
  { name: 'an unknown option at the top', files: config({ serach: 1 }), words: ['run'], code: 2 },
  { name: 'an unknown option of a slot', files: config({ rank: { batchs: 3 } }), words: ['run'], code: 2 },
  { name: 'an unknown option of a nested slot', words: run('distill.optimiser.beta_1=0.9'), code: 2 },
  {
    name: 'an unknown option in an element of a list',
    files: config({ space: { blocks: [{ stride: 2, cells: [{ layers: 1, chanels: 8 }] }] } }),
    words: ['run'],
    code: 2,
  },
  { name: 'an unknown path of --set', words: run('sed=3'), code: 2 },
  { name: 'a path of --set that goes through a number', words: run('distill.epochs.count=3'), code: 2 },
  { name: 'a path of --set with an empty part', words: run('distill..epochs=3'), code: 2 },
  { name: '--set without =', words: run('seed'), code: 2 },
  { name: '--set that is no YAML', words: run('search.limits={params: 3'), code: 2 },
  { name: '--set of a slot to null', words: run('distill.loss=null'), code: 2 },
  { name: '--set of a slot to nothing', words: run('distill='), code: 2 },
  { name: '--set of an option to null', words: run('distill.epochs=null'), code: 2 },
  { name: 'a seed that is no number', words: run('seed=one'), code: 2 },
  { name: 'a seed below 0', words: run('seed=-1'), code: 2 },
  { name: 'a text for a number', words: run('distill.epochs="3"'), code: 2 },
  { name: 'a number with a unit', words: run('checkpointSeconds=60s'), code: 2 },
  { name: 'epochs below 0', words: run('distill.epochs=-2'), code: 2 },
  { name: 'epochs that are no number', words: run('distill.epochs=.nan'), code: 2 },
  { name: 'epochs without end', words: run('distill.epochs=.inf'), code: 2 },
  { name: 'a batch of 0', words: run('distill.batch=0'), code: 2 },
  { name: 'a fraction for a whole number', words: run('retrain.batch=2.5'), code: 2 },
  { name: 'workers below 0', words: run('workers=-2'), code: 2 },
  { name: 'too many workers', words: run('workers=100000'), code: 2 },
  { name: 'limits that are a number', words: run('search.limits=6000'), code: 2 },
  { name: 'a limit with a unit', words: run('search.limits.params=6k'), code: 2 },
  { name: 'a misspelt choice', words: run('distill.schedule=jont'), code: 2 },
  { name: 'a name that leaves the folder', words: run('name=../x'), code: 2 },
  { name: 'several problems', words: ['config', ...set('seed=one', 'workers=-2')], code: 2 },
  { name: 'an unknown plugin in the slot of the data', words: run('data=cifar'), code: 2 },
  { name: 'an unknown plugin in the slot of the loss', words: run('distill.loss=cosin'), code: 2 },
  {
    name: 'an unknown plugin in the slot of the schedule',
    words: run('retrain.learningRate=cosin'),
    code: 2,
  },
  { name: 'a plugin of another slot', words: run('distill.loss=optimiser-adam'), code: 2 },
  { name: 'an unknown report', words: run('reports=[htm]'), code: 2 },
  { name: 'reports that are no list', words: run('reports=html'), code: 2 },
  { name: 'a slot that holds a list', files: config({ rank: ['candidates'] }), words: ['run'], code: 2 },
  { name: 'another plugin without what it requires', words: run('retrain.learningRate=step'), code: 2 },
]);
