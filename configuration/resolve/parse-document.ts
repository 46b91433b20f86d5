import { createRequire } from 'node:module';
import type { Document, ParsedNode } from 'yaml';

const require = createRequire(import.meta.url);

/** Reads YAML. Its reader is loaded at the first text: most commands have none. */
export function parseDocument(text: string): Document.Parsed<ParsedNode> {
  return (require('yaml') as typeof import('yaml')).parseDocument(text);
}
