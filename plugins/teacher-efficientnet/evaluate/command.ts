import { type CommandTools, type PluginCommand, wrongUsage } from 'dna-nas/core';
import { PUBLISHED_NETWORKS } from 'dna-nas/nn/networks';
import { foundEvaluation, tellsEpsilon } from './found-subject.js';
import { inheritedEvaluation } from './inherited-evaluation.js';
import { type Measured, measure } from './measure.js';
import { EVALUATE_OPTIONS, type EvaluateOptions } from './options.js';
import { publishedEvaluation } from './published-subject.js';
import { runEvaluation } from './run-evaluation.js';
import { asData, asTable } from './show.js';
import type { Evaluation } from './subject.js';

/** `dna evaluate`: top-1 and top-5 of a teacher, of a run's networks or of an exported network. */
export const evaluateCommand: PluginCommand = {
  name: 'evaluate',
  description: 'Measure the accuracy of a teacher, of a run’s networks or of an exported network.',
  options: EVALUATE_OPTIONS,
  argument: 'run',
  async run(given, tools) {
    const options = given as unknown as EvaluateOptions;
    const evaluation = await open(options, tools);
    const { dataset, backend, subjects } = evaluation;
    try {
      const { name, size } = dataset.description;
      tools.note(`Measuring on ${size[options.split]} images of ${name} (${options.split}) with ${backend}.`);
      const found: Measured[] = [];
      const noticed = (text: string) => tools.note(text);
      for (const subject of subjects) {
        if (subject.warning) tools.note(subject.warning);
        found.push(await measure(subject, evaluation, { ...options, noticed }));
      }
      tools.print(options.json ? asData(found, evaluation, options) : asTable(found));
    } finally {
      await dataset.close();
    }
  },
};

function open(options: EvaluateOptions, tools: CommandTools): Promise<Evaluation> {
  const { run, teacher, architecture, weights, checkpoint } = options;
  const asked = [run, teacher, architecture].filter((one) => one !== undefined);
  if (asked.length !== 1) {
    throw wrongUsage(
      `dna evaluate measures one thing, and was asked for ${asked.length}.`,
      'Name a run’s folder, --teacher NAME with --weights FILE, or --architecture NAME with --checkpoint FILE.',
    );
  }
  if (run !== undefined) return evaluateRun(options, tools);
  if (options.set !== undefined) {
    throw wrongUsage(
      '--set is for the options of a run, and none is named.',
      'Say --data and --data-options.',
    );
  }
  if (teacher !== undefined) return publishedEvaluation({ name: teacher, weights }, options, tools);
  if (checkpoint === undefined) {
    throw wrongUsage('--architecture has no weights.', 'Name their file, --checkpoint FILE.');
  }
  const isPublished = PUBLISHED_NETWORKS.includes(architecture!.split('.')[0]!);
  return isPublished && !tellsEpsilon(checkpoint, tools)
    ? publishedEvaluation({ name: architecture!, weights: checkpoint }, options, tools)
    : foundEvaluation({ text: architecture!, checkpoint }, options, tools);
}

function evaluateRun(options: EvaluateOptions, tools: CommandTools): Promise<Evaluation> {
  const { weights } = options;
  if (weights === 'inherited') return inheritedEvaluation(options, tools);
  if (weights === undefined || weights === 'retrained') return runEvaluation(options, tools);
  throw wrongUsage(
    `--weights is ${JSON.stringify(weights)}; of a run retrained and inherited are known.`,
    'Say --weights inherited, or leave it out; weights of the best epoch are --network found-best.',
  );
}
