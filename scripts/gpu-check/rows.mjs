// What a part tells: rows of the table, each with a verdict.

/**
 * @typedef {object} Row
 * @property {string} what
 * @property {string} [value] what was found
 * @property {string} [wanted]
 * @property {'ok' | 'failed' | 'below' | 'told' | 'skipped'} verdict `below`: a speed that misses its target, which
 *   fails nothing; `told`: a figure that is not judged
 * @property {string} [detail] more than fits into the table
 */

/** Something that must hold. @returns {Row} */
export function check(what, good, { value = '', wanted = '', detail } = {}) {
  return { what, value, wanted, verdict: good ? 'ok' : 'failed', ...(detail && { detail }) };
}

/** A speed; without `least` it is not judged. @returns {Row} */
export function speed(what, value, { text, least, wanted = '' }) {
  const verdict = least === undefined ? 'told' : value >= least ? 'ok' : 'below';
  return { what, value: text, wanted, verdict };
}

/** A fact that is not judged. @returns {Row} */
export function told(what, value) {
  return { what, value, verdict: 'told' };
}

/** What could not be looked at here, and why. @returns {Row} */
export function skipped(what, why) {
  return { what, value: why, verdict: 'skipped' };
}

/** `12 %`, `340 %` */
export function percent(share) {
  return `${(100 * share).toFixed(0)} %`;
}

/** `3.1e-7` */
export function tiny(value) {
  return value.toExponential(1);
}
