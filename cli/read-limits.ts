import { wrongUsage } from 'dna-nas/errors';

const UNITS: Readonly<Record<string, number>> = { '': 1, ms: 1, k: 1e3, M: 1e6, G: 1e9 };
const LIMIT = /^([^=\s]+)=(\d+(?:\.\d+)?)(k|M|G|ms)?$/;

/**
 * Limits as a command line says them, `macs=1.5M`: k, M and G are thousands, millions and
 * thousands of millions; `ms` may stand behind milliseconds.
 * @throws DnaError `USAGE`, with the option's name.
 */
export function readLimits(option: string, texts: readonly string[]): Record<string, number> {
  const limits: Record<string, number> = {};
  for (const text of texts) {
    const [name, limit] = readLimit(option, text);
    if (Object.hasOwn(limits, name))
      throw wrongUsage(`${option} limits ${name} twice; once is expected.`, 'Leave one of them out.');
    limits[name] = limit;
  }
  return limits;
}

function readLimit(option: string, text: string): [name: string, limit: number] {
  const [, name, digits, unit] = LIMIT.exec(text) ?? [];
  // A product with a power of ten can miss the nearest number, which the reading of a decimal never does.
  const limit = Number(`${digits}e${Math.log10(UNITS[unit ?? ''] ?? 1)}`);
  if (name !== undefined && limit > 0 && Number.isFinite(limit)) return [name, limit];
  throw wrongUsage(
    `${option} ${JSON.stringify(text)}: a cost and a decimal number above 0 are expected, with k, M or G behind it if need be.`,
    `Say, ${option} macs=1.5M.`,
  );
}
