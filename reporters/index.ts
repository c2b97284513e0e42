export type { ReportContext } from './context.js';
export { htmlReport } from './html/report.js';
export { jsonReport, jsonSchema } from './json.js';
export { progressLine, progressView } from './terminal/progress.js';
export { terminalReport } from './terminal/report.js';
export { terminalSummary } from './terminal/summary.js';
