import type { FeatureShape, Network } from 'dna-nas/core/contracts';
import { EVALUATE, Module, tf } from 'dna-nas/nn';
import { normEpsilons } from 'dna-nas/nn/layers';
import { wrongOutput } from '../errors.js';
import type { Graph, GraphNode, GraphValue } from '../graph/graph.js';
import { graphShape } from './layout.js';
import type { Constant, Operand, Traced } from './operand.js';
import { INPUT, OUTPUT, Recording } from './recording.js';
import type { TracingBackend } from './tracing-backend.js';

export interface TraceOptions {
  readonly image: FeatureShape;
  /** Of ONNX's operations. */
  readonly opset: number;
  /** Brings pixels of 0 to 255 to what the network takes; without it the images are taken as they are. */
  readonly normalisation?: { readonly mean: readonly number[]; readonly std: readonly number[] } | undefined;
  /** Whether it is a part of a network, which may put out maps. @default false */
  readonly part?: boolean | undefined;
}

/** The graph of a network's forward pass in `evaluate`, its weights on the tracing backend, which is the current one. */
export function traceNetwork(on: TracingBackend, network: Network, options: TraceOptions): Graph {
  const { image, opset, normalisation, part = false } = options;
  const batch = placeholder(network, image);
  const recording = new Recording({
    opset,
    batch,
    tensors: namedTensors(on, network),
    norms: network instanceof Module ? normEpsilons(network) : new Map(),
  });
  on.recording = recording;
  const shape = [batch, image.height, image.width, image.channels];
  const images = recording.input(shape);
  const prepared = normalisation ? normalised(recording, images, normalisation) : images;
  const logits = outputOf(on, network, prepared, part);
  return {
    ...finished(recording, logits, batch),
    input: { name: INPUT, shape: openShape(graphShape(shape), batch) },
  };
}

/** The network's tensors, by whose names the backend knows them from here on. */
function namedTensors(on: TracingBackend, network: Network): ReadonlyMap<string, Constant> {
  const named = new Map<string, Constant>();
  for (const [name, { value }] of network.tensors()) {
    // Read first: a tensor of another backend moves to this one.
    const values = new Float32Array(value.dataSync());
    on.nameSource(value.dataId, name);
    named.set(name, { kind: 'constant', shape: value.shape, values, sources: [name] });
  }
  return named;
}

/** An extent that divides no product of the network's other extents: a prime above all of them. */
function placeholder(network: Network, { height, width, channels }: FeatureShape): number {
  const extents = [...network.tensors().values()].flatMap(({ shape }) => shape);
  let candidate = Math.max(height, width, channels, ...extents) + 1;
  while (!isPrime(candidate)) candidate += 1;
  return candidate;
}

function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor++) if (value % divisor === 0) return false;
  return value > 1;
}

/** (x − 255·mean) / (255·std), one value a channel. */
function normalised(
  recording: Recording,
  images: Traced,
  { mean, std }: NonNullable<TraceOptions['normalisation']>,
): Traced {
  const bytes = (values: readonly number[]) => values.map((value) => 255 * value);
  recording.enter('preprocess');
  const { shape } = images;
  const centre = recording.channelValues('preprocess.mean', bytes(mean));
  const centred = recording.add('Sub', [images.value, centre], { shape });
  const scale = recording.channelValues('preprocess.std', bytes(std));
  return recording.add('Div', [centred.value, scale], { shape });
}

function outputOf(on: TracingBackend, network: Network, images: Traced, part: boolean): Traced {
  const output = forward(on, network, images);
  if (output.kind === 'constant') throw wrongOutput('a constant');
  const { shape } = output;
  if (shape.length !== 2 && !part) throw wrongOutput(`a tensor of ${shape.length} axes`);
  if (shape[0] !== images.shape[0]) throw wrongOutput('a tensor whose first axis is not the batch');
  return output;
}

function forward(on: TracingBackend, network: Network, images: Traced): Operand {
  const engine = tf.engine();
  engine.startScope();
  try {
    return on.operand(network.forward(engine.makeTensorFromTensorInfo(on.addTraced(images)), EVALUATE));
  } finally {
    engine.endScope();
  }
}

/** The graph with its output named. */
function finished(recording: Recording, logits: Traced, batch: number): Omit<Graph, 'input'> {
  const last = recording.value(logits);
  const nodes = recording.nodes.map((node) => renamed(node, last));
  return {
    nodes,
    initialisers: recording.initialisers,
    forms: new Map(recording.forms).set(OUTPUT, recording.forms.get(last)!),
    output: { name: OUTPUT, shape: openShape(graphShape(logits.shape), batch) },
  };
}

function renamed(node: GraphNode, value: string): GraphNode {
  const rename = (name: string) => (name === value ? OUTPUT : name);
  return { ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) };
}

function openShape(shape: readonly number[], batch: number): GraphValue['shape'] {
  return shape.map((extent) => (extent === batch ? 'batch' : extent));
}
