import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TeacherSource } from 'dna-nas/core/contracts';
import type { tf } from 'dna-nas/nn';
import { resizeFeatures } from 'dna-nas/nn/features';
import type { Evaluation } from './evaluation.js';
import type { PublishedNetwork, RequestOf } from './request.js';
import { openImages, runWith, startBackend } from './setup.js';

/** A published network with weights from a file or the hub, as the teacher plugin has it. */
export async function publishedNetwork(request: RequestOf<PublishedNetwork>): Promise<Evaluation> {
  const source = await teacher(request);
  const description = await source.describe();
  const { params, macs, input, classes, warning, preprocessing } = description;
  const dataset = await openImages(request, preprocessing);
  const backend = await startBackend(request.backend ?? 'auto');
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

async function teacher(request: RequestOf<PublishedNetwork>): Promise<TeacherSource> {
  const { teacher: architecture, weights, project, noticed } = request;
  const isFile = weights !== undefined && existsSync(resolve(project, weights));
  const place = isFile ? { weightsFile: resolve(project, weights) } : { ...(weights && { weights }) };
  const run = await runWith(
    { teacher: { use: 'efficientnet', architecture, image: 'test', ...place } },
    project,
  );
  run.hooks.noticed.tap('evaluate', noticed);
  return run.resolve('resolveTeacher', 'teacher');
}
