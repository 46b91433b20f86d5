/** From here on a number is written with its power of ten. */
const LONGEST = 1e21;

/** A number with its thousands apart, and three decimals at most: `1,234,567`. */
export function grouped(value: number): string {
  // Intl takes ten milliseconds at its first call: too long for a command that prints a few lines.
  if (!(Math.abs(value) < LONGEST)) return value.toLocaleString('en');
  const [whole, decimals] = String(Number(value.toFixed(3))).split('.') as [string, string?];
  const apart = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? apart : `${apart}.${decimals}`;
}

/** A number of things in words: `1 channel`, `3,000 classes`. @param many the plural, where it is not by the rule */
export function counted(count: number, one: string, many = plural(one)): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

function plural(one: string): string {
  return /(s|x|ch|sh)$/.test(one) ? `${one}es` : `${one}s`;
}
