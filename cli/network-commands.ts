import type { Command } from 'commander';
import { collect } from './config-options.js';
import type { EvaluateOptions } from './evaluate-options.js';
import { subcommand } from './subcommand.js';

/** Its options are loaded only where `words` ask for it, or for all commands. */
export async function addEvaluate(program: Command, words: readonly string[] | 'all'): Promise<void> {
  const description = 'Measure the accuracy of a teacher, of a run’s networks or of an exported network.';
  const command = program.command('evaluate').description(description);
  if (words !== 'all' && words[0] !== 'evaluate') return;
  const [{ setUpCommand }, { EVALUATE_OPTIONS: options }] = await Promise.all([
    import('./schema-command.js'),
    import('./evaluate-options.js'),
  ]);
  setUpCommand(command, {
    ...{ name: 'evaluate', description, argument: 'run', options },
    async run(given, tools) {
      const { evaluateCommand } = await import('./evaluate.js');
      await evaluateCommand(given as unknown as EvaluateOptions, tools);
    },
  });
}

export function addExport(program: Command): void {
  program
    .command('export')
    .argument('<source>', 'folder of a run, or a file of its results')
    .option(
      '--network <name>',
      'found (the default), random, another name, or an architecture that was trained',
    )
    .option(
      '--weights <kind>',
      'retrained (the default), best: of the best epoch, or inherited: of the supernet',
    )
    .option(
      '--format <format>',
      'onnx, tfjs, safetensors with a program of PyTorch, or timm with one of timm',
      'onnx',
    )
    .option(
      '--output <file>',
      'file to write, of tfjs the folder; by default RUN-NETWORK.FORMAT in this folder',
    )
    .option('--opset <number>', 'of onnx: version of its operations, from 17 (the default) to 28')
    .option('--keep-norms', 'of onnx: keep batch norms as operations of their own')
    .option(
      '--quantize <type>',
      'of onnx: int8, calibrated and measured by onnxruntime on the data of the run',
    )
    .option('--preprocess', 'take pixels of 0 to 255, and normalise them in the model')
    .option('--set <path=value>', 'set an option of this machine, say data.path=DIR (repeatable)', collect)
    .description('write a trained network as a file that other programs load')
    .action(async (source: string, options) => {
      const { exportCommand } = await import('./export.js');
      await exportCommand(source, options);
    });
}

export function addPredict(program: Command): void {
  program
    .command('predict')
    .argument('<image...>', 'images, and folders of images')
    .requiredOption('--model <source>', 'folder of a run, a file of its results, or an exported ONNX file')
    .option('--network <name>', 'of a run: found (the default), random, another name, or an architecture')
    .option(
      '--weights <kind>',
      'retrained (the default), best: of the best epoch, or inherited: of the supernet',
    )
    .option('--top <number>', 'classes of each image, the likeliest first', '5')
    .option('--backend <name>', "backend to compute on, in place of the run's; an ONNX file has onnxruntime")
    .option('--set <path=value>', 'set an option of this machine, say data.path=DIR (repeatable)', collect)
    .option('--json', 'print data')
    .description('tell what a trained network sees in images, with probabilities')
    .action(async (images: string[], options) => {
      const { predictCommand } = await import('./predict.js');
      await predictCommand(images, { ...options, json: options.json ?? false });
    });
}

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
