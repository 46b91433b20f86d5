import { grouped } from 'dna-nas/errors';

/** Of more, so many are named. */
const MOST = 5;

/** The first of some texts, and how many there are beside them. */
export function listed(texts: readonly string[]): string {
  const named = texts.slice(0, MOST).join(', ');
  return texts.length > MOST ? `${named}, and ${grouped(texts.length - MOST)} more` : named;
}
