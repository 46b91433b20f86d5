/** Text in single quotes, as a shell takes it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The same, without quotes where no shell needs them. */
export function quoteIfNeeded(text: string): string {
  return /^[\w./:=,+-]+$/.test(text) ? text : quote(text);
}
