import { list, object, text, whole } from './builders.js';

const number = (description: string) => ({ type: 'number', description });

/** Of `dna latency show`. */
export const latency = object(
  {
    space: text('Name of the space.'),
    image: list(whole('An extent.'), 'Height, width and channels.'),
    classes: whole('Classes of the head.'),
    runtime: text('What computed.'),
    machine: text('Where.'),
    threads: whole('Threads of an operation.'),
    batch: whole('Images at a time.'),
    rounds: whole('Samples of each layer.'),
    layers: whole('Layers that were measured.'),
    spread: number(
      'Half the distance of the quartiles of a layer’s samples ÷ their median: the median of all layers.',
    ),
    correction: object({
      constant: number('Milliseconds of a network beside its layers.'),
      factor: number('What the sum of its layers is multiplied by.'),
      fitted: whole('Networks that both are fitted on; 0: none, the plain sum.'),
    }),
    judgement: object({
      networks: list(
        object({
          architecture: text('The network.'),
          predicted: number('Milliseconds by its layers.'),
          measured: number('Milliseconds as measured.'),
        }),
        'Networks that the correction has not seen.',
      ),
      medianError: number('Of |predicted ÷ measured − 1|.'),
      greatestError: number('The same, the greatest.'),
      rankCorrelation: number('Spearman’s, of predicted and measured.'),
    }),
  },
  ['judgement'],
);
