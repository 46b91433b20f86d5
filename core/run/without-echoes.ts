/**
 * Lines about differing options, each once: every option stands in the tree of values and again beside its plugin, and
 * as the user writes it is enough.
 */
export function withoutEchoes(found: readonly string[]): string[] {
  const values = found.filter((line) => line.startsWith('values.'));
  if (values.length === 0) return [...found];
  const others = found.filter((line) => !/^(values|plugins)\.|^(seed|preset|name):/.test(line));
  return [...values.map((line) => line.slice('values.'.length)), ...others];
}
