import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { listColumn, parquetInvalid } from '../errors.js';
import type { DataImagenetOptions } from '../options.js';
import { type Features, readFeatures } from './features.js';

/** The columns of a Parquet file that count. */
export interface ParquetColumns {
  readonly image: string;
  /** Absent: images have no labels. */
  readonly label?: string;
  /** Names of the label's numbers, where the schema tells them. */
  readonly classNames?: readonly string[];
}

interface Request {
  readonly metadata: FileMetaData;
  readonly schema: SchemaTree;
  /** How messages call the file. */
  readonly shown: string;
  readonly options: Pick<DataImagenetOptions, 'list' | 'labels'>;
}

const USUAL = {
  file: ['image', 'img', 'images', 'picture', 'photo', 'jpg', 'jpeg', 'png', 'webp'],
  label: ['label', 'labels', 'class', 'fine_label', 'category', 'target', 'cls', 'label_name'],
} as const;

/**
 * Which columns hold images and classes: those that were named, those that the schema's metadata tell, or those of the
 * usual names.
 * @throws DnaError `DATA_LIST_COLUMN`; `DATA_PARQUET` where one is of another type
 */
export function chooseParquetColumns(request: Request): ParquetColumns {
  const { metadata, shown, options } = request;
  const features = readFeatures(metadata);
  const image = choose('file', features.images, request);
  requireImages(image, shown);
  const { name } = image.element;
  if (!options.labels) return { image: name };
  const label = choose('label', Object.keys(features.classes), request);
  requireClasses(label, shown);
  const classNames = features.classes[label.element.name];
  return { image: name, label: label.element.name, ...(classNames && { classNames }) };
}

function choose(
  role: keyof typeof USUAL,
  told: Features['images'],
  { schema, shown, options }: Request,
): SchemaTree {
  const wanted = options.list[role];
  const names = schema.children.map(({ element }) => element.name);
  const usual = USUAL[role].find((one) => names.some((name) => name.toLowerCase() === one));
  const known = told.filter((name) => names.includes(name));
  const ofUsual = names.find((name) => name.toLowerCase() === usual);
  const found = wanted ?? (known.length === 1 ? known[0] : ofUsual) ?? known[0];
  const column = schema.children.find(({ element }) => element.name === found);
  if (!column) throw listColumn(shown, { role, wanted, names, usual: USUAL[role] });
  return column;
}

/** Images are bytes, or what Hugging Face makes of an image: a group of `bytes` and `path`. */
function requireImages(column: SchemaTree, shown: string): void {
  const { element, children } = column;
  const bytes = children.find((child) => child.element.name === 'bytes');
  const isImage = children.length === 0 ? isBinary(element) : bytes !== undefined && isBinary(bytes.element);
  if (isImage && element.repetition_type !== 'REPEATED') return;
  throw parquetInvalid(
    shown,
    `its column ${element.name} is ${typeText(column)}; expected images: bytes, or a group of bytes and path`,
    'Name the column of the images: --set data.list.file=….',
  );
}

function requireClasses(column: SchemaTree, shown: string): void {
  const { element, children } = column;
  const isNumber = element.type === 'INT32' || element.type === 'INT64';
  const isText = element.type === 'BYTE_ARRAY' && !isBinary(element);
  if (children.length === 0 && (isNumber || isText) && element.repetition_type !== 'REPEATED') return;
  throw parquetInvalid(
    shown,
    `its column ${element.name} is ${typeText(column)}; expected classes: whole numbers or texts`,
    'Name the column of the classes: --set data.list.label=….',
  );
}

function isText({ converted_type, logical_type }: SchemaElement): boolean {
  return ['UTF8', 'ENUM', 'JSON'].includes(String(converted_type)) || logical_type?.type === 'STRING';
}

function isBinary(element: SchemaElement): boolean {
  return element.type === 'BYTE_ARRAY' && !isText(element) && element.repetition_type !== 'REPEATED';
}

/** `a group of (key, value)`, `a text`, `DOUBLE`. */
function typeText({ element, children }: SchemaTree): string {
  if (children.length > 0) return `a group of (${children.map((child) => child.element.name).join(', ')})`;
  if (isText(element)) return 'a text';
  return element.converted_type ?? element.type ?? 'of no type';
}
