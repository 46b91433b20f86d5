import { planNetwork } from 'dna-nas/core/space';
import { EVALUATE, type tf } from 'dna-nas/nn';
import { planInherited } from 'dna-nas/nn/inherit';
import { labelledByTeacher } from 'dna-nas/nn/teacher';
import type { Evaluation, Subject } from './evaluation.js';
import type { RequestOf, RunNetworks } from './request.js';
import { openRun, startRunBackend } from './run-networks.js';

/** A network of a run with the weights of the run's trained cells and its teacher's head, on the run's own data. */
export async function inheritedNetwork(request: RequestOf<RunNetworks>): Promise<Evaluation> {
  const { folder, run } = await openRun(request);
  const { network, run: source } = request;
  const { name, text, world, create } = await planInherited({ folder, run, source, network });
  const { space, dataset, data } = world;
  const { image, classes } = data;
  const { params, macs } = planNetwork(space, text).create({ image, classes }).cost(image);
  const load: Subject['load'] = async () => {
    const made = await create();
    return {
      classify: (images) => made.forward(images, EVALUATE) as tf.Tensor2D,
      dispose: () => made.dispose(),
    };
  };
  const backend = await startRunBackend(run, request);
  const subjects = [{ name, params, macs, image, classes, load }];
  if (data.labels !== false) return { subjects, dataset, backend };
  return { subjects, dataset, backend, answered: labelledByTeacher(dataset, await world.teacher()) };
}
