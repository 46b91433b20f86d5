import type { FileMetaData } from 'hyparquet';

/** What the metadata of Hugging Face's `datasets` say of columns. */
export interface Features {
  /** Columns of images. */
  readonly images: readonly string[];
  /** Columns of classes with the names of their numbers. */
  readonly classes: Readonly<Record<string, readonly string[]>>;
}

const KEY = 'huggingface';

/** Nothing where there are none, or where they are not what `datasets` writes: columns then go by their names. */
export function readFeatures({ key_value_metadata: entries = [] }: FileMetaData): Features {
  const features = Object.entries(parsed(entries.find(({ key }) => key === KEY)?.value));
  const typed = (type: string) => features.filter(([, feature]) => feature?._type === type);
  const named = typed('ClassLabel').filter(([, { names }]) => isNames(names));
  return {
    images: typed('Image').map(([name]) => name),
    classes: Object.fromEntries(named.map(([name, { names }]) => [name, names as string[]])),
  };
}

interface Feature {
  readonly _type?: unknown;
  readonly names?: unknown;
}

function parsed(text: string | undefined): Record<string, Feature> {
  try {
    const { info } = JSON.parse(text ?? '{}') as { info?: { features?: Record<string, Feature> } };
    return info?.features ?? {};
  } catch {
    return {};
  }
}

function isNames(names: unknown): boolean {
  return Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
}
