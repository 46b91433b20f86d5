export { formatTable } from 'dna-nas/run-tools/words';

/** Prints data alone, for other programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
