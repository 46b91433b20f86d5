/** A slow interpreter of ONNX in float64, written from the operators' definitions: what our graphs are checked by. */
import { at, broadcast, generate, indices, map, sizeOf } from './arrays.js';
import type { Node, OnnxFile, Tensor } from './onnx-file.js';
import { dequantizeLinear, quantizeLinear } from './quantized-operators.js';

type Operator = (inputs: readonly Tensor[], node: Node, opset: number) => Tensor | readonly Tensor[];

const numbers = (tensor: Tensor | undefined) => [...(tensor?.data ?? [])];
const list = ({ attributes }: Node, name: string, usual: readonly number[] = []) =>
  (attributes[name] as readonly number[] | undefined) ?? usual;
const number = ({ attributes }: Node, name: string, usual: number) =>
  (attributes[name] as number | undefined) ?? usual;

const unary =
  (change: (value: number) => number): Operator =>
  ([x]) =>
    map(x!, change);
const binary =
  (combine: (a: number, b: number) => number): Operator =>
  ([a, b]) =>
    broadcast(a!, b!, combine);

/** The positions of a window at an output's position that are in the map. */
function* windowAt(
  node: Node,
  [height, width]: readonly [number, number],
  [row, column]: readonly [number, number],
): Generator<readonly [y: number, x: number, i: number, j: number]> {
  const [kh, kw] = list(node, 'kernel_shape') as [number, number];
  const [top, left] = list(node, 'pads') as [number, number];
  const [down, right] = list(node, 'strides') as [number, number];
  const [dilationY, dilationX] = list(node, 'dilations', [1, 1]) as [number, number];
  for (let i = 0; i < kh; i++)
    for (let j = 0; j < kw; j++) {
      const [y, x] = [row * down - top + i * dilationY, column * right - left + j * dilationX];
      if (y >= 0 && x >= 0 && y < height && x < width) yield [y, x, i, j];
    }
}

function windowOutput(node: Node, [height, width]: readonly [number, number]): [number, number] {
  const [top, left, bottom, right] = list(node, 'pads') as [number, number, number, number];
  const dilations = list(node, 'dilations', [1, 1]);
  const [y, x] = list(node, 'kernel_shape').map((extent, axis) => (extent - 1) * dilations[axis]! + 1);
  const [down, across] = list(node, 'strides') as [number, number];
  return [
    Math.floor((height + top + bottom - y!) / down) + 1,
    Math.floor((width + left + right - x!) / across) + 1,
  ];
}

const conv: Operator = ([x, weights, bias], node) => {
  const [batch, , height, width] = x!.shape as [number, number, number, number];
  const [outputs, depth] = weights!.shape as [number, number];
  const perGroup = outputs / number(node, 'group', 1);
  return generate([batch, outputs, ...windowOutput(node, [height, width])], ([n, o, row, column]) => {
    let sum = bias ? bias.data[o!]! : 0;
    const first = Math.floor(o! / perGroup) * depth;
    for (const [y, across, i, j] of windowAt(node, [height, width], [row!, column!]))
      for (let c = 0; c < depth; c++) sum += at(x!, [n!, first + c, y, across]) * at(weights!, [o!, c, i, j]);
    return sum;
  });
};

const pool =
  (take: (values: readonly number[]) => number): Operator =>
  ([x], node) => {
    const [batch, channels, height, width] = x!.shape as [number, number, number, number];
    const shape = [batch, channels, ...windowOutput(node, [height, width])];
    return generate(shape, ([n, c, row, column]) =>
      take([...windowAt(node, [height, width], [row!, column!])].map(([y, z]) => at(x!, [n!, c!, y, z]))),
    );
  };

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const batchNormalization: Operator = ([x, scale, offset, centre, variance], node) =>
  generate(x!.shape, (index) => {
    const channel = index[1]!;
    const root = Math.sqrt(variance!.data[channel]! + number(node, 'epsilon', 1e-5));
    return ((at(x!, index) - centre!.data[channel]!) / root) * scale!.data[channel]! + offset!.data[channel]!;
  });

const gemm: Operator = ([a, b, c], node) => {
  const isTransposed = number(node, 'transB', 0) === 1;
  const [rows, depth] = a!.shape as [number, number];
  const columns = b!.shape[isTransposed ? 0 : 1]!;
  return generate([rows, columns], ([row, column]) => {
    let sum = c ? at(c, [row!, column!]) : 0;
    for (let k = 0; k < depth; k++)
      sum += at(a!, [row!, k]) * at(b!, isTransposed ? [column!, k] : [k, column!]);
    return sum;
  });
};

const matMul: Operator = ([a, b]) => {
  const depth = a!.shape.at(-1)!;
  const outer = broadcast(
    { shape: a!.shape.slice(0, -2), data: new Float64Array(sizeOf(a!.shape.slice(0, -2))) },
    { shape: b!.shape.slice(0, -2), data: new Float64Array(sizeOf(b!.shape.slice(0, -2))) },
    () => 0,
  ).shape;
  return generate([...outer, a!.shape.at(-2)!, b!.shape.at(-1)!], (index) => {
    const [before, row, column] = [index.slice(0, -2), index.at(-2)!, index.at(-1)!];
    let sum = 0;
    for (let k = 0; k < depth; k++) sum += at(a!, [...before, row, k]) * at(b!, [...before, k, column]);
    return sum;
  });
};

const reshape: Operator = ([x, wanted]) => {
  const shape = numbers(wanted).map((extent, axis) => (extent === 0 ? x!.shape[axis]! : extent));
  const known = shape.filter((extent) => extent !== -1);
  return {
    shape: shape.map((extent) => (extent === -1 ? x!.data.length / sizeOf(known) : extent)),
    data: x!.data,
  };
};

const flatten: Operator = ([x], node) => {
  const axis = number(node, 'axis', 1);
  return { shape: [sizeOf(x!.shape.slice(0, axis)), sizeOf(x!.shape.slice(axis))], data: x!.data };
};

const transpose: Operator = ([x], node) => {
  const perm = list(node, 'perm');
  return generate(
    perm.map((axis) => x!.shape[axis]!),
    (index) => {
      const from: number[] = [];
      perm.forEach((axis, place) => {
        from[axis] = index[place]!;
      });
      return at(x!, from);
    },
  );
};

/** Up to opset 17 axes are an attribute, but for ReduceSum; from 18 on they are an input. */
const reduce =
  (take: (values: readonly number[]) => number, inputFrom = 18): Operator =>
  ([x, given], node, opset) => {
    if (opset >= inputFrom === (given === undefined)) throw new Error(`${node.op}: axes in the wrong place.`);
    const axes = given ? numbers(given) : list(node, 'axes');
    const kept = generate(
      x!.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent)),
      (index) => {
        const within = axes.map((axis) => x!.shape[axis]!);
        const values = [...indices(within)].map((inner) => {
          const whole = [...index];
          axes.forEach((axis, place) => {
            whole[axis] = inner[place]!;
          });
          return at(x!, whole);
        });
        return take(values);
      },
    );
    if (number(node, 'keepdims', 1) === 1) return kept;
    return { ...kept, shape: kept.shape.filter((_, axis) => !axes.includes(axis)) };
  };

const softmax: Operator = ([x], node) => {
  const axis = number(node, 'axis', -1);
  const count = x!.shape[axis]!;
  return generate(x!.shape, (index) => {
    const along = Array.from({ length: count }, (_, place) => at(x!, index.with(axis, place)));
    const top = Math.max(...along);
    const sum = along.reduce((total, value) => total + Math.exp(value - top), 0);
    return Math.exp(at(x!, index) - top) / sum;
  });
};

const concat: Operator = (inputs, node) => {
  const axis = number(node, 'axis', 0);
  const total = inputs.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  return generate(inputs[0]!.shape.with(axis, total), (index) => {
    let place = index[axis]!;
    const of = inputs.find(({ shape }) => {
      if (place < shape[axis]!) return true;
      place -= shape[axis]!;
      return false;
    })!;
    return at(of, index.with(axis, place));
  });
};

const pad: Operator = ([x, pads, value]) => {
  const rank = x!.shape.length;
  const all = numbers(pads);
  const shape = x!.shape.map((extent, axis) => all[axis]! + extent + all[axis + rank]!);
  return generate(shape, (index) => {
    const from = index.map((place, axis) => place - all[axis]!);
    const isInside = from.every((place, axis) => place >= 0 && place < x!.shape[axis]!);
    return isInside ? at(x!, from) : (value?.data[0] ?? 0);
  });
};

const slice: Operator = ([x, starts, ends, axes]) => {
  const [begin, shape] = [x!.shape.map(() => 0), [...x!.shape]];
  numbers(axes).forEach((axis, place) => {
    begin[axis] = starts!.data[place]!;
    shape[axis] = ends!.data[place]! - begin[axis]!;
  });
  return generate(shape, (index) =>
    at(
      x!,
      index.map((place, axis) => place + begin[axis]!),
    ),
  );
};

const split: Operator = ([x, sizes], node) => {
  const axis = number(node, 'axis', 0);
  let begin = 0;
  return numbers(sizes).map((size) => {
    const from = begin;
    begin += size;
    return generate(x!.shape.with(axis, size), (index) => at(x!, index.with(axis, index[axis]! + from)));
  });
};

const OPERATORS: Readonly<Record<string, Operator>> = {
  Conv: conv,
  BatchNormalization: batchNormalization,
  Gemm: gemm,
  MatMul: matMul,
  AveragePool: pool(mean),
  MaxPool: pool((values) => Math.max(...values)),
  GlobalAveragePool: ([x]) =>
    generate([x!.shape[0]!, x!.shape[1]!, 1, 1], ([n, c]) =>
      mean([...indices(x!.shape.slice(2))].map(([row, column]) => at(x!, [n!, c!, row!, column!]))),
    ),
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Max: binary(Math.max),
  Min: binary(Math.min),
  Pow: binary((a, b) => a ** b),
  Relu: unary((value) => Math.max(0, value)),
  Sigmoid: unary((value) => 1 / (1 + Math.exp(-value))),
  Tanh: unary(Math.tanh),
  Elu: unary((value) => (value < 0 ? Math.expm1(value) : value)),
  // Its constants as ONNX defines them.
  Selu: unary((value) =>
    value > 0 ? 1.0507010221481323 * value : 1.0507010221481323 * 1.6732631921768188 * Math.expm1(value),
  ),
  LeakyRelu: ([x], node) => map(x!, (value) => (value < 0 ? number(node, 'alpha', 0.01) * value : value)),
  Softplus: unary((value) => Math.log1p(Math.exp(value))),
  Clip: ([x, least, most]) => map(x!, (value) => Math.min(most!.data[0]!, Math.max(least!.data[0]!, value))),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Sqrt: unary(Math.sqrt),
  Reciprocal: unary((value) => 1 / value),
  Neg: unary((value) => -value),
  Abs: unary(Math.abs),
  ReduceMean: reduce(mean),
  ReduceSum: reduce((values) => values.reduce((sum, value) => sum + value, 0), 13),
  ReduceMax: reduce((values) => Math.max(...values)),
  ReduceMin: reduce((values) => Math.min(...values)),
  Softmax: softmax,
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Concat: concat,
  Pad: pad,
  Slice: slice,
  Split: split,
  QuantizeLinear: quantizeLinear,
  DequantizeLinear: dequantizeLinear,
};

/** What a model puts out for an input [n, c, h, w]: the first of its outputs. */
export function execute(model: OnnxFile, x: Tensor): Tensor {
  return executeAll(model, x).get(model.outputs[0]!.name)!;
}

/** Every value of a model, by name. */
export function executeAll(
  { nodes, initialisers, inputs, opsets }: OnnxFile,
  x: Tensor,
): Map<string, Tensor> {
  const values = new Map(initialisers).set(inputs[0]!.name, x);
  for (const node of nodes) {
    const operator = OPERATORS[node.op];
    if (!operator) throw new Error(`The interpreter has no operator ${node.op}.`);
    const given = node.inputs.map((name) => {
      if (!values.has(name)) throw new Error(`${node.name} reads ${name} before it is computed.`);
      return values.get(name)!;
    });
    const results = [operator(given, node, opsets[0]!.version)].flat() as Tensor[];
    node.outputs.forEach((name, place) => {
      if (values.has(name)) throw new Error(`${name} is computed twice.`);
      values.set(name, results[place]!);
    });
  }
  return values;
}
