import type { Graph } from '../graph/graph.js';
import { FLOAT, type GraphDef, tensorShape } from './graph-def.js';
import { convolutions } from './operations/convolutions.js';
import { elementwise } from './operations/elementwise.js';
import { reductions } from './operations/reductions.js';
import { shapes } from './operations/shapes.js';
import { Translation, type Translators } from './translation.js';

/** Every operation that our graphs are made of before they are quantised. */
const TRANSLATORS: Translators = { ...convolutions, ...elementwise, ...reductions, ...shapes };

/** A graph as one of TensorFlow, with input and output under their own names. @throws DnaError `EXPORT_OPERATION` */
export function translateGraph(graph: Graph): GraphDef {
  const translation = new Translation(graph);
  const [input, output] = [graph.input.name, graph.output.name];
  const { shape } = translation.form(input);
  translation.alias(input, input);
  const placeholder = {
    name: input,
    op: 'Placeholder',
    input: [],
    attr: { dtype: FLOAT, shape: { shape: tensorShape(shape) } },
  };
  translation.nodes.push(placeholder);
  for (const node of graph.nodes) TRANSLATORS[node.op]!(translation, node);
  const last = translation.reference(output);
  if (last !== output)
    translation.compute(
      { name: output, op: 'Identity', inputs: [], outputs: [output], attributes: {} },
      'Identity',
      [last],
    );
  const { nodes, weights } = translation;
  return { nodes, weights };
}
