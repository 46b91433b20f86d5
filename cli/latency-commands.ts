import type { Command } from 'commander';
import { collect } from './config-options.js';
import { subcommand } from './subcommand.js';

export function addLatency(program: Command): void {
  subcommand(program, ['latency', 'measure'])
    .argument('<source>', "a preset, or a run's folder, whose space is measured")
    .option('--runtime <name>', 'onnxruntime (the default), or backend: ours', 'onnxruntime')
    .option('--threads <number>', 'of onnxruntime: threads of an operation', '1')
    .option('--batch <number>', 'images at a time', '1')
    .option('--rounds <number>', 'samples of each layer', '12')
    .option('--networks <number>', 'whole networks: a line is fitted on ten, and judged on the others', '30')
    .option('--backend <name>', 'with --runtime backend: which, in place of the configured one')
    .option('--output <file>', 'the table; one that is not finished is gone on with', 'latency.json')
    .option('--set <path=value>', 'set an option (repeatable)', collect)
    .description('measure every layer of a space on this machine; resumable')
    .action(async (source: string, options) => {
      const { latencyMeasureCommand } = await import('./latency.js');
      await latencyMeasureCommand(source, options);
    });
  subcommand(program, ['latency', 'export'])
    .argument('<source>', "a preset, or a run's folder, whose space is to be measured")
    .option('--networks <number>', 'whole networks beside the layers', '30')
    .requiredOption('--output <folder>', 'where the models and measure.py go')
    .option('--set <path=value>', 'set an option (repeatable)', collect)
    .description('write the layers of a space as models, with a Python program that measures them elsewhere')
    .action(async (source: string, options) => {
      const { latencyExportCommand } = await import('./latency.js');
      await latencyExportCommand(source, options);
    });
  subcommand(program, ['latency', 'show'])
    .argument('<table>', 'as latency measure or measure.py has written it')
    .argument('<source>', 'the preset, or the run, whose space it is of')
    .option('--set <path=value>', 'set an option (repeatable)', collect)
    .option('--json', 'print data')
    .description('tell how well the sums of layers foretell what whole networks take')
    .action(async (table: string, source: string, options) => {
      const { latencyShowCommand } = await import('./latency.js');
      await latencyShowCommand(table, source, { ...options, json: options.json ?? false });
    });
}
