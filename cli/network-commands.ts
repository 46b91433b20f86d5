import type { Command } from 'commander';
import { collect } from './config-options.js';
import { EVALUATE_OPTIONS, type EvaluateOptions } from './evaluate-options.js';
import { setUpCommand } from './schema-command.js';

export function addEvaluate(program: Command): void {
  const description = 'Measure the accuracy of a teacher, of a run’s networks or of an exported network.';
  setUpCommand(program.command('evaluate').description(description), {
    ...{ name: 'evaluate', description, argument: 'run', options: EVALUATE_OPTIONS },
    async run(options, tools) {
      const { evaluateCommand } = await import('./evaluate.js');
      await evaluateCommand(options as unknown as EvaluateOptions, tools);
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
