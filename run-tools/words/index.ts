/** What is written alike wherever it is shown: differences, accuracies, tables, names of random networks, lines of CSV, words for a shell. */
export { accuracyName, isAgreement, tellsTop5 } from './accuracy-name.js';
export { csvLine } from './csv-line.js';
export {
  type Difference,
  differenceWords,
  formatPoints,
  formatPointsInterval,
  imagesText,
  isShown,
  standingWords,
} from './difference-words.js';
export { formatTable } from './format-table.js';
export { isRandomName, randomName, randomRatings } from './random-names.js';
export { quote, quoteIfNeeded } from './shell-quote.js';
