export { type LiveReport, type LiveReportRequest, serveReport } from './serve-report.js';
