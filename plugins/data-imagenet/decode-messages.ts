import type { ResolvedConfig } from 'dna-nas/core/config';
import type { PlainError } from 'dna-nas/errors';
import type { Catalogue } from './catalogue.js';
import type { BatchOrder, BatchOutput } from './image-producer.js';
import type { DataImagenetOptions } from './options.js';

/** What a decoding thread is started with. */
export interface ThreadStart {
  readonly catalogue: Catalogue;
  readonly options: DataImagenetOptions;
  /** The run whose plugins change augmentations; undefined: none does. */
  readonly run: { readonly config: ResolvedConfig; readonly project: string } | undefined;
}

/** A batch that threads work on: each takes the next image until none is left. */
export interface ThreadOrder {
  readonly id: number;
  readonly order: BatchOrder;
  readonly output: BatchOutput;
  /** Shared: the next image to take, images done, 1 once it has failed. */
  readonly control: Int32Array;
}

export const NEXT = 0;
export const DONE = 1;
export const FAILED = 2;
export const CONTROL_WORDS = 3;

/** What threads answer. */
export type ThreadReply =
  | { readonly kind: 'problems'; readonly id: number; readonly problems: readonly string[] }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PlainError };
