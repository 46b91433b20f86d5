export { chosenImages, type ImageChoice } from './chosen-images.js';
export { imitationUnsupported, noSuchImage, nothingFound, weightsMissing } from './errors.js';
export { type ReportRequest, type RunReport, reportRun } from './report-run.js';
