import { createRequire } from 'node:module';

/** The version that the addon asks for; every Node since has it. */
export const NODE_API = 8;

/** Folder of Node's C headers. */
export function nodeHeaders(): string {
  const headers = createRequire(import.meta.url)('node-api-headers') as { readonly include_dir: string };
  return headers.include_dir;
}
