export { codeQualityReport } from './ci/code-quality.js';
export { isInSarif, sarifReport } from './ci/sarif.js';
export { comparisonMarkdown } from './comparison/markdown.js';
export type { ReportContext } from './context.js';
export { csvReport } from './csv.js';
export { jsonHistory } from './history/json.js';
export { terminalHistory } from './history/terminal.js';
export { comparisonHtml } from './html/comparison.js';
export { htmlHistory } from './html/history.js';
export {
  type ListedNight,
  type ListedThing,
  type ListedThings,
  type LiveRunView,
  listedThingsHtml,
  livePage,
  liveRunView,
} from './html/live.js';
export type { ComparisonSamples } from './html/overlay-data.js';
export { htmlReport } from './html/report.js';
export { bisectionJson, comparisonJson, comparisonJsonSchema, jsonReport, jsonSchema, shrinkJson } from './json.js';
export { junitReport, nightJunitReport } from './junit.js';
export { markdownReport } from './markdown.js';
export { nightCsvReport } from './night/csv.js';
export { githubAnnotations } from './night/github.js';
export { nightMarkdownReport } from './night/markdown.js';
export { nightMessage } from './night/message.js';
export { nightPlanText, nightReport } from './night/terminal.js';
export { heapProfileReport } from './profiles/heap-profile.js';
export { pprofReport } from './profiles/pprof.js';
export { pullRequestAnnotations } from './pull-request/annotations.js';
export { pullRequestJunit } from './pull-request/junit.js';
export { pullRequestMarkdown } from './pull-request/markdown.js';
export { comparisonSummary, runSummary, screenJson } from './summary.js';
export { judgedCommitLine, terminalBisection } from './terminal/bisection.js';
export { terminalComparison } from './terminal/comparison.js';
export { terminalPairClosing } from './terminal/pair.js';
export { progressLine, progressView, restLine } from './terminal/progress.js';
export { terminalReport } from './terminal/report.js';
export { terminalShrink, trialLine } from './terminal/shrink.js';
export { terminalSummary } from './terminal/summary.js';
