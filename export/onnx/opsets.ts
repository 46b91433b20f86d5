import { wrongOpset } from '../errors.js';

/** Versions of ONNX's operations that a model may ask for. */
export const OPSETS = { least: 17, most: 28 } as const;

/** Each opset with the first version of the format that may name it. */
const FORMATS: readonly (readonly [opset: number, format: number])[] = [
  [17, 8],
  [19, 9],
  [21, 10],
  [23, 11],
  [24, 12],
  [25, 13],
  [28, 14],
];

/** @throws DnaError `EXPORT_OPSET` */
export function requireOpset(opset: number): number {
  if (Number.isInteger(opset) && opset >= OPSETS.least && opset <= OPSETS.most) return opset;
  throw wrongOpset(opset, [OPSETS.least, OPSETS.most]);
}

/** The version of the format (`ir_version`) that goes with an opset. */
export function formatVersion(opset: number): number {
  return FORMATS.findLast(([first]) => first <= opset)![1];
}
