/** Of `audit.json`, what the page shows: `dna audit` wrote it, or whoever the folder comes from. */
export interface AuditRecord {
  readonly n: number;
  readonly predictors: { readonly rating: AuditFigures } & Readonly<Partial<Record<string, AuditFigures>>>;
  readonly conditionalTau: { readonly macs: number | null; readonly params: number | null };
  readonly ceiling: number | null;
  readonly resamples: number;
  readonly verdict: string;
  readonly points: {
    readonly rating: readonly number[];
    /** Percent. */
    readonly accuracy: readonly number[];
    readonly macs: readonly number[];
  };
}

type Interval = readonly [low: number, high: number] | null;

/** One predictor's. */
export interface AuditFigures {
  readonly kendallTau: number | null;
  readonly interval: Interval;
  readonly spearman: number | null;
  readonly spearmanInterval: Interval;
  readonly regret: Readonly<Record<1 | 10, { readonly points: number; readonly interval: Interval }>>;
  readonly sizeMatchedTau: number | null;
  readonly sizeMatchedInterval: Interval;
}

const NAMES: readonly (readonly [name: string, text: string])[] = [
  ['rating', 'rating'],
  ['macs', 'multiply-adds'],
  ['params', 'parameters'],
  ['depth', 'depth'],
  ['latency', 'latency'],
];

/** Predictors that there are, as people call them. */
export function auditNames(predictors: AuditRecord['predictors']): readonly (readonly [string, string])[] {
  return NAMES.filter(([name]) => predictors[name] !== undefined);
}
