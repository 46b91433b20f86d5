import type { Command } from 'commander';
import { addConfigOptions, collect, toRequest } from './config-options.js';

// What comes of ratings: a search of them, networks whose accuracy is known, and what they are worth by those.

export function addSearch(program: Command): void {
  program
    .command('search')
    .argument('<run>', "the run's folder")
    .option('--max <cost=limit>', 'limit a cost: macs=2M, params=100k (repeatable)', collect)
    .option('--latency <table>', 'price the cost latency, in milliseconds, by a table that was measured')
    .option('--no-limits', 'leave out the limits of the run itself')
    .option('--top <number>', 'list so many of the best networks', '20')
    .option('--front <names>', 'list the Pareto front instead: two or more of rating, macs, params, …')
    .option('--csv <file>', 'write the networks that are listed as a CSV')
    .option('--retrain <name>', 'then train the best network as the run would have, in a run of this name')
    .option('--plugin <name>', "add a plugin to the run's own, say ./milliseconds.ts (repeatable)", collect)
    .option('--set <path=value>', 'set an option of this machine (repeatable)', collect)
    .option('--json', 'print data')
    .description('search again under other limits, from the ratings that a run has; changes nothing of it')
    .action(async (folder: string, options) => {
      const { searchCommand } = await import('./search.js');
      await searchCommand(folder, { ...options, json: options.json ?? false });
    });
}

export function addTruth(program: Command): void {
  addConfigOptions(program.command('truth'))
    .description('train networks of the space, each alone: what an audit holds ratings to; resumable')
    .argument('[source]', 'a preset, or the folder of a run, whose space and retraining are taken')
    .option('--networks <number>', 'networks to draw, over strata of multiply-adds', '100')
    .option('--seeds <number>', 'trainings of each network', '1')
    .option(
      '--near [cost=limit]',
      "draw some of them right below a limit; by default the search's own limits",
    )
    .option('--within <share>', 'how far below a limit is near', '0.02')
    .option('--near-share <share>', 'share of the networks that are drawn near', '0.5')
    .option('--plan', 'tell what it will take, and train nothing')
    .option('--lay-out', 'lay tasks out for `dna task` instead of executing them')
    .option('--take-over', 'go on with a run that another host has left behind')
    .action(async (source: string | undefined, options) => {
      const { truthCommand } = await import('./truth.js');
      await truthCommand(toRequest(options), source, options);
    });
}

export function addAudit(program: Command): void {
  program
    .command('audit')
    .argument(
      '<input>',
      'folder of a run, or a CSV: rating, accuracy, macs, params; architecture, accuracy_1, …',
    )
    .option('--truth <file>', 'for a run: a CSV of architectures and accuracies, as `dna truth` makes it')
    .option('--scores <file>', 'for a run: write what is audited as a CSV that `dna audit` reads')
    .option(
      '--fit <numbers>',
      'weigh the blocks by so many trained networks of the truth, and order the others: 5,10,20,30',
    )
    .option(
      '--max <cost=limit>',
      'the network that a search within this takes; by default the limits of the run (repeatable)',
      collect,
    )
    .option('--seed <number>', 'seed of the resampling (0)')
    .option(
      '--resamples <number>',
      'resamples of the intervals (2,000; of more than 5,000 networks 10 million / networks)',
    )
    .option('--set <path=value>', 'for a run: set an option of this machine (repeatable)', collect)
    .option('--json', 'print data')
    .description(
      'tell whether a rating orders networks better than their sizes do, by accuracies that are known',
    )
    .action(async (input: string, options) => {
      const { auditCommand } = await import('./audit.js');
      await auditCommand(input, { ...options, json: options.json ?? false });
    });
}
