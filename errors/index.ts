/** What every error is made of: the class, problems with their nearest spelling, what a schema asks for and reasons in words, errors between threads, numbers of things. */
export { counted, grouped } from './counted.js';
export { DnaError, either } from './dna-error.js';
export { expectation } from './expectation.js';
export { nearest } from './nearest.js';
export { errorFromPlain, type PlainError, plainError } from './plain-error.js';
export { formatProblems, type Problem, show, unknownName } from './problem.js';
export { nearestFile, reasonOf } from './reason.js';
export { type ProblemLocation, schemaProblems } from './schema-problems.js';
export { wrongUsage } from './wrong-usage.js';
