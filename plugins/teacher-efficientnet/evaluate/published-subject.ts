import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandTools } from 'dna-nas/core';
import type { TeacherSource } from 'dna-nas/core/contracts';
import type { tf } from 'dna-nas/nn';
import { resizeFeatures } from 'dna-nas/nn/features';
import { openData, runWith, startBackend } from './evaluation-setup.js';
import type { EvaluateOptions } from './options.js';
import type { Evaluation } from './subject.js';

/** A published network with weights from a file or the hub, as the teacher plugin has it. */
export async function publishedEvaluation(
  { name, weights }: { name: string; weights: string | undefined },
  options: EvaluateOptions,
  tools: CommandTools,
): Promise<Evaluation> {
  const source = await teacher(name, weights, tools);
  const description = await source.describe();
  const { params, macs, input, classes, warning, preprocessing } = description;
  const dataset = await openData(options, preprocessing, tools);
  const backend = await startBackend(options.backend ?? 'auto');
  const load = async () => {
    const loaded = await source.load();
    return {
      classify: (images: tf.Tensor4D) => loaded.logits(resizeFeatures(images, input)),
      dispose: () => loaded.dispose(),
    };
  };
  const subject = { name: description.name, params, macs, image: input, classes, warning, load };
  return { subjects: [subject], dataset, backend };
}

async function teacher(
  name: string,
  weights: string | undefined,
  tools: CommandTools,
): Promise<TeacherSource> {
  const isFile = weights !== undefined && existsSync(resolve(tools.project, weights));
  const place = isFile ? { weightsFile: resolve(tools.project, weights) } : { ...(weights && { weights }) };
  const run = await runWith(
    { teacher: { use: 'efficientnet', architecture: name, image: 'test', ...place } },
    tools,
  );
  run.hooks.noticed.tap('evaluate', (text) => tools.note(text));
  return run.resolve('resolveTeacher', 'teacher');
}
