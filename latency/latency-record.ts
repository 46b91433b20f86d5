/** By which table of latencies a search priced networks, and what its prices are worth. */
export interface LatencyRecord {
  /** As `search.latency` names it. */
  readonly file: string;
  /** SHA-256 of the file. */
  readonly fingerprint: string;
  /** What computed, and where: processor and system. */
  readonly runtime: string;
  readonly machine: string;
  readonly threads: number;
  readonly batch: number;
  readonly rounds: number;
  /** How many layers were measured. */
  readonly layers: number;
  /** Half the distance of the quartiles of a layer's samples, as a share of their median: the median layer's. */
  readonly spread: number;
  /** A network takes `constant + factor × the sum of its layers`, in milliseconds, fitted on so many whole networks. */
  readonly correction: { readonly constant: number; readonly factor: number; readonly fitted: number };
  /** On networks that the correction did not see; absent where there are none. */
  readonly judgement?: {
    readonly networks: readonly {
      readonly architecture: string;
      readonly predicted: number;
      readonly measured: number;
    }[];
    /** Of |predicted ÷ measured − 1|. */
    readonly medianError: number;
    readonly greatestError: number;
    /** Spearman's. */
    readonly rankCorrelation: number;
  };
}
