/** A number of things in words: `1 channel`, `3,000 classes`. @param many the plural, where it is not by the rule */
export function counted(count: number, one: string, many = plural(one)): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function plural(one: string): string {
  return /(s|x|ch|sh)$/.test(one) ? `${one}es` : `${one}s`;
}
