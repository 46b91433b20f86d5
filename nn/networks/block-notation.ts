/**
 * timm's notation of network blocks, `ir_r2_k3_s2_e6_c24_se0.25`: operation (`ir` MBConv, `ds` depthwise separable),
 * repeats, kernel, stride, expansion, channels, squeeze-and-excitation as a share of the input's channels.
 */

/** One layer of a network. */
export interface LayerSpec {
  readonly operation: 'mbconv' | 'ds';
  readonly kernel: number;
  readonly stride: number;
  /** 1 for `ds`. */
  readonly expansion: number;
  /** Output channels. */
  readonly channels: number;
  /** Share of the input's channels; 0 for none. */
  readonly squeezeExcite: number;
}

/** Equal layers one after another; only a stage's first layer has a stride above 1. */
export interface BlockSpec extends LayerSpec {
  readonly repeats: number;
}

const FIELDS = ['r', 'k', 's', 'e', 'c', 'se'] as const;
type Field = (typeof FIELDS)[number];
const OPERATIONS = { ir: 'mbconv', ds: 'ds' } as const;

/** Reads one block string. Stride, expansion, repeats default to 1 and `se` to 0. */
export function parseBlock(text: string): BlockSpec {
  const [operation = '', ...parts] = text.split('_');
  if (!Object.hasOwn(OPERATIONS, operation)) {
    throw notationError(text, `"${operation}" is not an operation; known are ir and ds`);
  }
  const values = new Map<Field, number>();
  for (const part of parts) readField(text, part, values);
  for (const needed of ['k', 'c'] as const) {
    if (!values.has(needed)) throw notationError(text, `"${needed}" is missing`);
  }
  const expansion = values.get('e') ?? 1;
  if (operation === 'ds' && expansion !== 1) throw notationError(text, 'ds has no expansion other than 1');
  return {
    operation: OPERATIONS[operation as keyof typeof OPERATIONS],
    repeats: values.get('r') ?? 1,
    kernel: values.get('k')!,
    stride: values.get('s') ?? 1,
    expansion,
    channels: values.get('c')!,
    squeezeExcite: values.get('se') ?? 0,
  };
}

function readField(text: string, part: string, values: Map<Field, number>): void {
  const [, name, digits = ''] = /^([a-z]+)(\d+(?:\.\d+)?)$/.exec(part) ?? [];
  if (!FIELDS.includes(name as Field)) throw notationError(text, `"${part}" is not known`);
  if (values.has(name as Field)) throw notationError(text, `"${name}" is given twice`);
  const value = Number(digits);
  const whole = name !== 'se' && name !== 'e';
  if ((whole && !Number.isInteger(value)) || (name !== 'se' && value === 0)) {
    throw notationError(text, `"${part}" must be a ${whole ? 'whole ' : ''}number above 0`);
  }
  values.set(name as Field, value);
}

function notationError(text: string, problem: string): Error {
  return new Error(
    `The block "${text}" cannot be read: ${problem}. Expected such as ir_r2_k3_s2_e6_c24_se0.25.`,
  );
}

/** Writes one block string; `parseBlock` reads it back. */
export function formatBlock(block: BlockSpec): string {
  const { operation, repeats, kernel, stride, expansion, channels, squeezeExcite } = block;
  const fields = [
    operation === 'ds' ? 'ds' : 'ir',
    `r${repeats}`,
    `k${kernel}`,
    `s${stride}`,
    `e${expansion}`,
  ];
  fields.push(`c${channels}`);
  if (squeezeExcite > 0) fields.push(`se${squeezeExcite}`);
  return fields.join('_');
}

/** A stage's layers: repeats written out, the stride kept by the stage's first layer alone, as timm does. */
export function expandStage(blocks: readonly BlockSpec[]): LayerSpec[] {
  const layers = blocks.flatMap(({ repeats, ...layer }) => Array.from({ length: repeats }, () => layer));
  return layers.map((layer, index) => (index === 0 ? layer : { ...layer, stride: 1 }));
}

/** Stages of block strings, `[['ds_r1_…'], ['ir_r1_…', 'ir_r2_…']]`, as layers. */
export function parseStages(stages: readonly (readonly string[])[]): LayerSpec[][] {
  return stages.map((blocks) => expandStage(blocks.map(parseBlock)));
}

/** Layers as block strings, equal neighbours joined; `parseStages` reads them back. */
export function formatStages(stages: readonly (readonly LayerSpec[])[]): string[][] {
  return stages.map((layers) => {
    const blocks: BlockSpec[] = [];
    for (const layer of layers) {
      const last = blocks.at(-1);
      if (
        last &&
        formatLayer({ ...layer, stride: last.stride }) === formatLayer(last) &&
        layer.stride === 1
      ) {
        blocks[blocks.length - 1] = { ...last, repeats: last.repeats + 1 };
      } else blocks.push({ ...layer, repeats: 1 });
    }
    return blocks.map(formatBlock);
  });
}

function formatLayer(layer: LayerSpec): string {
  return formatBlock({ ...layer, repeats: 1 });
}
