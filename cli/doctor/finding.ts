/** What one check of this machine found. */
export interface Finding {
  readonly check: string;
  /** `note`: not needed for a run. */
  readonly level: 'ok' | 'note' | 'failed';
  /** What was found, one line. */
  readonly found: string;
  /** What to do, where something is to be done. */
  readonly fix?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, level: 'ok', found });
export const note = (check: string, found: string, fix: string): Finding => ({
  check,
  level: 'note',
  found,
  fix,
});
export const failed = (check: string, found: string, fix: string): Finding => ({
  check,
  level: 'failed',
  found,
  fix,
});

/** Bytes for people: `7.6 GB`. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
