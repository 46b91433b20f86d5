/** What every error is made of: the class, and words for what was meant and what went wrong. */
export { DnaError, either } from './dna-error.js';
export { nearest } from './nearest.js';
export { nearestFile, reasonOf } from './reason.js';
