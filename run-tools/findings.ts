import type { DnaError } from 'dna-nas/errors';

/** One thing that a plan looked at. */
export interface Finding {
  /** `backend`, `data`, `teacher`, … */
  readonly check: string;
  /** `warning`: it runs, and its result is worth less. `unknown`: it could not be looked at here; its text says why. */
  readonly verdict: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly text: string;
  /** What to do, where there is something to do. */
  readonly fix?: string;
}

/** Collects what a plan finds; what fails with a `DnaError` is a finding like others. */
export class Findings {
  readonly all: Finding[] = [];

  /** Whether none of them is a problem, and all of them. */
  get verdict(): { readonly sound: boolean; readonly findings: readonly Finding[] } {
    const sound = this.all.every(({ verdict }) => verdict !== 'problem');
    return { sound, findings: this.all };
  }

  ok(check: string, text: string): void {
    this.all.push({ check, verdict: 'ok', text });
  }

  warning(check: string, text: string, fix?: string): void {
    this.all.push({ check, verdict: 'warning', text, ...(fix !== undefined && { fix }) });
  }

  unknown(check: string, text: string): void {
    this.all.push({ check, verdict: 'unknown', text });
  }

  problem(check: string, text: string, fix?: string): void {
    this.all.push({ check, verdict: 'problem', text, ...(fix !== undefined && { fix }) });
  }

  /** Does the work; its answer and how it is told, or undefined and a problem. */
  async attempt<Answer>(
    check: string,
    work: () => Answer | Promise<Answer>,
    tell: (answer: Answer) => string,
  ): Promise<Answer | undefined> {
    try {
      const answer = await work();
      this.ok(check, tell(answer));
      return answer;
    } catch (error) {
      // A worker's or plugin's error may be of another copy of the class.
      const known = error as DnaError;
      if (known?.name !== 'DnaError') throw error;
      this.problem(check, known.message, known.hint);
      return undefined;
    }
  }
}
