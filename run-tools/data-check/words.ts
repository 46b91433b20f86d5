/** Of more, so many are named. */
const MOST = 5;

/** `3 images`, `1 image`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** The first of some texts, and how many there are beside them. */
export function listed(texts: readonly string[]): string {
  const named = texts.slice(0, MOST).join(', ');
  return texts.length > MOST ? `${named}, and ${(texts.length - MOST).toLocaleString('en')} more` : named;
}
