export type { ReportContext } from './context.js';
export { csvReport } from './csv.js';
export { htmlReport } from './html/report.js';
export { jsonReport, jsonSchema } from './json.js';
export { junitReport } from './junit.js';
export { markdownReport } from './markdown.js';
export { progressLine, progressView } from './terminal/progress.js';
export { terminalReport } from './terminal/report.js';
export { terminalSummary } from './terminal/summary.js';
