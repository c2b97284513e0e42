import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparisonHtml, htmlHistory, htmlReport, livePage } from '../../../reporters/index.js';
import { compareRuns } from '../../analyse/comparison/compare.js';
import { historyTrends } from '../../analyse/nights/history-changes.js';
import { analyse } from '../../run/analyse-run.js';
import { readHistory } from '../../run/nightly/keep-history.js';
import { loadRun } from '../../store/load-run.js';
import { listRuns } from '../../store/resolve-run.js';
import { runFiles } from '../../store/run-layout.js';

/** The pages below the token: the live page, reports of runs, comparisons of two of them, and the history. */
export async function pageAt(outDirectory: string, path: string): Promise<string | undefined> {
  if (path === '') return livePage(outDirectory);
  if (path === 'history') return htmlHistory(historyTrends(await readHistory(outDirectory)));
  const ids = new Set(listRuns(outDirectory));
  const [kind, one = '', other = ''] = path.split('/');
  if (kind === 'runs' && ids.has(one)) return reportOf(outDirectory, one);
  if (kind !== 'compare' || !ids.has(one) || !ids.has(other)) return undefined;
  const [before, after] = [await loadRun(one, { outDirectory }), await loadRun(other, { outDirectory })];
  const samples = { before: before.samples, after: after.samples };
  return comparisonHtml(compareRuns(before, after, { force: true }), samples);
}

/** The report that the run left, or what can be judged of it by now. */
async function reportOf(outDirectory: string, id: string): Promise<string> {
  const run = await loadRun(id, { outDirectory });
  const kept = join(run.directory ?? '', runFiles.report);
  return existsSync(kept) ? readFileSync(kept, 'utf8') : htmlReport(analyse(run), run.samples);
}
