import type { Graph, GraphNode, Initialiser } from '../graph/graph.js';
import type { NetworkFacts } from '../source/facts.js';
import { EXPRESSIONS, type Written } from './expressions.js';
import { comment, text, tuple } from './literals.js';
import type { StoredTensors } from './stored-tensors.js';

export interface ProgramOptions {
  readonly facts: NetworkFacts;
  /** Name of the file of the tensors, which lies beside the program. */
  readonly weightsFile: string;
  readonly stored: StoredTensors;
}

/** A network as a program of PyTorch that needs nothing but its file of tensors: a module, how to load it, and a try. */
export function pytorchProgram(graph: Graph, { facts, weightsFile, stored }: ProgramOptions): string {
  return `${opening(graph, { facts, weightsFile })}

${table(stored)}


class Network(nn.Module):
    """${comment(facts.architecture)}"""

    def __init__(self):
        super().__init__()
        for name, (shape, learned) in TENSORS.items():
            *path, last = name.split(".")
            module = self
            for part in path:
                if part not in module._modules:
                    module.add_module(part, nn.Module())
                module = module._modules[part]
            if learned:
                module.register_parameter(last, nn.Parameter(torch.zeros(shape)))
            else:
                module.register_buffer(last, torch.zeros(shape))

    def forward(self, ${graph.input.name}):
        t = dict(self.named_parameters())
        t.update(self.named_buffers())
${body(graph, stored).join('\n')}
        return ${variables(graph).get(graph.output.name)}


def load(file=WEIGHTS):
    """The network with its weights, for inference; its train() makes batch norms use the batch."""
    network = Network()
    network.load_state_dict(load_file(file))
    return network.eval()


if __name__ == "__main__":
    with torch.inference_mode():
        print(tuple(load()(torch.zeros(${exampleShape(graph)})).shape))
`;
}

function opening({ input }: Graph, { facts, weightsFile }: Omit<ProgramOptions, 'stored'>): string {
  const { name, classes, version } = facts;
  const extents = input.shape.join(', ');
  return `"""The network ${comment(name)} of a run, in PyTorch. Made by dna-nas ${version}.

Takes float32 [${extents}]: ${facts.input}. Puts out logits [batch, ${classes}].
The tensors have timm's names and lie in ${comment(weightsFile)}, whose metadata say more.
"""
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

WEIGHTS = Path(__file__).with_name(${text(weightsFile)})`;
}

function exampleShape({ input }: Graph): string {
  return input.shape.map((extent) => (extent === 'batch' ? 1 : extent)).join(', ');
}

/** Every tensor of the file with its shape, and whether it is learned. */
function table({ tensors, parameters }: StoredTensors): string {
  const rows = [...tensors].map(([name, { shape }]) => {
    return `    ${text(name)}: (${tuple(shape)}, ${parameters.has(name) ? 'True' : 'False'}),`;
  });
  return `# By name: shape, and whether it is learned.\nTENSORS = {\n${rows.join('\n')}\n}`;
}

/** A variable for each value of the graph, numbered in their order. */
function variables({ nodes, input }: Graph): ReadonlyMap<string, string> {
  const names = nodes.flatMap(({ outputs }) => outputs);
  return new Map([
    [input.name, input.name],
    ...names.map((name, at): [string, string] => [name, `x${at + 1}`]),
  ]);
}

function body(graph: Graph, stored: StoredTensors): string[] {
  const names = variables(graph);
  let layer = '';
  return graph.nodes.flatMap((node) => {
    const own = node.name.slice(0, Math.max(0, node.name.lastIndexOf('/')));
    const title = own === layer || own === '' ? [] : [`        # ${comment(own)}`];
    layer = own;
    return [...title, `        ${statement(node, { graph, names, stored })}`];
  });
}

interface StatementContext {
  readonly graph: Graph;
  readonly names: ReadonlyMap<string, string>;
  readonly stored: StoredTensors;
}

function statement(node: GraphNode, context: StatementContext): string {
  const targets = node.outputs.map((name) => context.names.get(name)).join(', ');
  return `${targets} = ${EXPRESSIONS[node.op]!(written(node, context))}`;
}

function written(node: GraphNode, { graph, names, stored }: StatementContext): Written {
  const constant = (input: number): Initialiser => graph.initialisers.get(node.inputs[input]!)!;
  const numbers = (input: number) => Array.from<number | bigint, number>(constant(input).data, Number);
  return {
    node,
    inputs: node.inputs.map((name) => names.get(name) ?? tensor(name, graph, stored)),
    numbers,
    number: (input) => numbers(input)[0]!,
  };
}

/** A constant by the tensor of the file that it is, in the shape that is wanted. */
function tensor(name: string, { initialisers }: Graph, { places, tensors }: StoredTensors): string {
  const place = places.get(name) ?? name;
  const shape = initialisers.get(name)!.shape;
  const read = `t[${text(place)}]`;
  return tensors.get(place)?.shape.join() === shape.join() ? read : `${read}.reshape(${tuple(shape)})`;
}
