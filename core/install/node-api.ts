import { createRequire } from 'node:module';

/** The version that the addon asks for; every Node since has it. */
export const NODE_API = 8;

interface Headers {
  readonly include_dir: string;
  readonly symbols: Readonly<
    Record<`v${number}`, { js_native_api_symbols: string[]; node_api_symbols: string[] }>
  >;
}

const headers = () => createRequire(import.meta.url)('node-api-headers') as Headers;

/** Folder of Node's C headers. */
export function nodeHeaders(): string {
  return headers().include_dir;
}

/** C++ that defines Node's functions for a program outside of Node, in which none of them may be called. */
export function nodeStubs(): string {
  const { js_native_api_symbols, node_api_symbols } = headers().symbols[`v${NODE_API}`]!;
  const names = [...js_native_api_symbols, ...node_api_symbols];
  return names.map((name) => `extern "C" void ${name}() { __builtin_trap(); }\n`).join('');
}
