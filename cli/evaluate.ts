import { resolve } from 'node:path';
import { readMachineOptions } from 'dna-nas/configuration';
import type { CommandTools, JsonObject } from 'dna-nas/core';
import { wrongUsage } from 'dna-nas/errors';
import { type EvaluationImages, evaluateNetworks, type MeasuredSubject } from 'dna-nas/evaluation';
import type { EvaluateOptions } from './evaluate-options.js';
import { asData, asTable } from './evaluate-text.js';

/** `dna evaluate`: top-1 and top-5 of a teacher, of a run's networks or of an exported network. */
export async function evaluateCommand(options: EvaluateOptions, tools: CommandTools): Promise<void> {
  const { split, backend, batch, json, run } = options;
  const { project, note: noticed } = tools;
  const subject = subjectOf(options, project);
  const found = await evaluateNetworks({ subject, split, backend, batch, project, noticed });
  tools.print(json ? asData(found, run) : asTable(found));
}

function subjectOf(options: EvaluateOptions, project: string): MeasuredSubject {
  const { run, teacher, architecture, weights, checkpoint } = options;
  const asked = [run, teacher, architecture].filter((one) => one !== undefined);
  if (asked.length !== 1) {
    throw wrongUsage(
      `dna evaluate measures one thing, and was asked for ${asked.length}.`,
      'Name a run’s folder, --teacher NAME with --weights FILE, or --architecture NAME with --checkpoint FILE.',
    );
  }
  if (run !== undefined) {
    const { network } = options;
    return { run, network, weights: weightsOf(weights), machine: machineOptions(options, project) };
  }
  if (options.set !== undefined) {
    throw wrongUsage(
      '--set is for the options of a run, and none is named.',
      'Say --data and --data-options.',
    );
  }
  if (teacher !== undefined) return { teacher, weights, images: imagesOf(options) };
  if (checkpoint === undefined) {
    throw wrongUsage('--architecture has no weights.', 'Name their file, --checkpoint FILE.');
  }
  return { architecture: architecture!, checkpoint, space: options.space, images: imagesOf(options) };
}

function weightsOf(weights: string | undefined): 'retrained' | 'inherited' {
  if (weights === undefined || weights === 'retrained') return 'retrained';
  if (weights === 'inherited') return weights;
  throw wrongUsage(
    `--weights is ${JSON.stringify(weights)}; of a run retrained and inherited are known.`,
    'Say --weights inherited, or leave it out; weights of the best epoch are --network found-best.',
  );
}

/** Where this machine has the run's data. */
function machineOptions({ data, dataOptions, set = [] }: EvaluateOptions, project: string): JsonObject {
  const named = Object.entries(dataOptions).map(([name, value]) => [`data.${name}`, value]);
  return {
    ...(data !== undefined && { 'data.path': resolve(project, data) }),
    ...Object.fromEntries(named),
    ...readMachineOptions(set),
  };
}

function imagesOf({ data, dataOptions, classes, imageSize }: EvaluateOptions): EvaluationImages {
  if (data !== undefined) return { data, options: dataOptions, classes, imageSize };
  throw wrongUsage(
    'dna evaluate was not told on what images to measure.',
    'Give a folder of class folders, --data DIR, or the name of a data plugin, --data synthetic.',
  );
}
