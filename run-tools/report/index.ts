export { chosenImages, type ImageChoice } from './chosen-images.js';
export { type ReportRequest, type RunReport, reportRun } from './report-run.js';
