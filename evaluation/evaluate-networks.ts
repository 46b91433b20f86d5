import type { PredictionAccuracy } from 'dna-nas/nn/training';
import type { Evaluation, Subject } from './evaluation.js';
import { inheritedNetwork } from './inherited-network.js';
import { type Measured, measure } from './measure.js';
import { publishedNetwork } from './published-network.js';
import type { EvaluationRequest, MeasuredSubject, RequestOf } from './request.js';
import { runNetworks } from './run-networks.js';
import { checkpointNetwork } from './space-network.js';

/** What came of one network. */
export interface NetworkAccuracy extends Pick<Subject, 'name' | 'params' | 'macs' | 'warning'> {
  readonly accuracy: PredictionAccuracy;
  /** In the order of the split; the likeliest class first. */
  readonly predictions: readonly {
    readonly file: string;
    readonly label: number;
    readonly classes: readonly number[];
  }[];
}

/**
 * Measures top-1 and top-5 of networks on images, with 95 % confidence intervals.
 * @throws DnaError `EVALUATE_…`; those of opening a run, data or weights
 */
export async function evaluateNetworks(request: EvaluationRequest): Promise<NetworkAccuracy[]> {
  const { subject, split = 'test', batch = 50, backend, project = process.cwd() } = request;
  const noticed = (text: string) => request.noticed?.(text);
  const evaluation = await open({ ...subject, split, backend, project, noticed });
  const { dataset, subjects } = evaluation;
  try {
    const { name, size } = dataset.description;
    noticed(`Measuring on ${size[split]} images of ${name} (${split}) with ${evaluation.backend}.`);
    const found: NetworkAccuracy[] = [];
    for (const subject of subjects) {
      if (subject.warning) noticed(subject.warning);
      const measured = await measure(subject, evaluation, { split, batch, noticed });
      found.push(accuracyOf(subject, measured, (image) => dataset.name?.(split, image) ?? String(image)));
    }
    return found;
  } finally {
    await dataset.close();
  }
}

function open(request: RequestOf<MeasuredSubject>): Promise<Evaluation> {
  if ('run' in request)
    return request.weights === 'inherited' ? inheritedNetwork(request) : runNetworks(request);
  return 'teacher' in request ? publishedNetwork(request) : checkpointNetwork(request);
}

function accuracyOf(
  { name, params, macs, warning }: Subject,
  { accuracy, predictions }: Measured,
  fileOf: (image: number) => string,
): NetworkAccuracy {
  return {
    ...{ name, params, macs, accuracy },
    ...(warning !== undefined && { warning }),
    predictions: predictions.map(({ label, classes }, image) => ({ file: fileOf(image), label, classes })),
  };
}
