import { readFileSync } from 'node:fs';

/** A tensor as PyTorch had it, in PyTorch's layout. */
export interface GoldenTensor {
  readonly shape: number[];
  readonly data: number[];
}

export type GoldenState = Record<string, GoldenTensor>;

/** What `scripts/retrain-reference.py` computed with PyTorch, timm and scipy. */
export interface Reference {
  readonly rmsprop: {
    readonly start: [GoldenTensor, GoldenTensor];
    readonly steps: {
      readonly rate: number;
      readonly gradients: [GoldenTensor, GoldenTensor];
      readonly after: [GoldenTensor, GoldenTensor];
    }[];
  };
  readonly schedules: Record<'paper' | 'published-script', [epoch: number, rate: number][]>;
  readonly mixedLoss: {
    readonly share: number;
    readonly smoothing: number;
    readonly images: GoldenTensor;
    readonly labels: number[];
    readonly logits: GoldenTensor;
    readonly mixed: GoldenTensor;
    readonly loss: number;
    readonly gradient: GoldenTensor;
  };
  readonly training: {
    readonly start: GoldenState;
    readonly steps: {
      readonly share: number;
      readonly loss: number;
      readonly parts: { readonly images: GoldenTensor; readonly labels: number[] }[];
    }[];
    readonly end: GoldenState;
    readonly average: GoldenState;
  };
  readonly names: Record<string, number[]>;
  readonly beta: { readonly alpha: number; readonly points: number[]; readonly values: number[] }[];
  readonly intervals: {
    readonly right: number;
    readonly images: number;
    readonly interval: [number, number];
  }[];
}

const FILE = new URL('../golden/retrain/reference.json', import.meta.url);

export const REFERENCE = JSON.parse(readFileSync(FILE, 'utf8')) as Reference;
