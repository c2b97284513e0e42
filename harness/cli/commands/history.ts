import { resolve } from 'node:path';
import { htmlHistory, jsonHistory, terminalHistory } from '../../../reporters/index.js';
import { historyTrends } from '../../analyse/nights/history-changes.js';
import { invalidOption, PlateauError } from '../../model/errors.js';
import type { HistoryEntry, SeriesTrends } from '../../model/history.js';
import { metricDefinitions } from '../../model/metric.js';
import { readHistory, rebuildHistory } from '../../run/nightly/keep-history.js';
import { type AddCommand, type CliContext, shownOn } from '../context.js';
import { suggestion } from '../options/closest-names.js';
import { countOption, listOption } from '../options/options.js';
import { outputOption } from '../options/output-option.js';
import { addOutFlag } from '../options/run-flags.js';
import { writeReportFile } from '../reporting/reports.js';

interface Flags {
  readonly metric?: readonly string[];
  readonly last?: number;
  readonly html?: string;
  readonly json?: true;
  readonly rebuild?: true;
  readonly out: string;
}

const examples = `
Examples:
  $ plateau history                              every scenario, what changed and when
  $ plateau history shop/carts --metric heapUsed,throughput
  $ plateau history --html history.html          a curve a metric, commits on the axis
  $ plateau history --json | jq '.series[].trends[].changes'
  $ plateau history --rebuild                    make it anew from the run directories`;

export const addHistoryCommand: AddCommand = (program, act) => {
  const command = program
    .command('history')
    .description('trends across runs: slopes, floors, throughput, and the commit with which they changed for good')
    .argument('[scenario]', 'one scenario, or a system with all of its scenarios (default: all)')
    .option('--metric <name,...>', 'these metrics alone', listOption('--metric'))
    .option('--last <n>', 'the last runs of each scenario alone', countOption('--last', 90))
    .option('--html <file>', 'write a page with a curve a metric', outputOption('--html', 'history.html'))
    .option('--json', 'runs, points and changes on stdout')
    .option('--rebuild', 'make the database anew from the run directories first');
  addOutFlag(command).addHelpText('after', examples).action(act(history));
};

async function history(context: CliContext, name: string | undefined, flags: Flags): Promise<number> {
  const { output, directory, verbose } = context;
  if (flags.rebuild) await rebuild(context, flags.out);
  const all = await readHistory(flags.out, flags.last === undefined ? {} : { lastRuns: flags.last });
  const trends = historyTrends(chosen(all, name)).map((series) => withMetrics(series, flags.metric));
  if (flags.html !== undefined) {
    const path = resolve(directory, flags.html);
    writeReportFile(path, htmlHistory(trends));
    output.notes.write(`Wrote ${flags.html}\n`);
  }
  if (flags.json) output.report.write(jsonHistory(trends));
  else if (flags.html === undefined && (flags.rebuild === undefined || name !== undefined || all.length > 0))
    output.report.write(
      terminalHistory(trends, { ...shownOn(context), verbose: verbose || flags.metric !== undefined }),
    );
  return 0;
}

async function rebuild({ output }: CliContext, outDirectory: string): Promise<void> {
  const { runs, remembered, leftOut } = await rebuildHistory(outDirectory);
  output.notes.write(`History of ${runs} ${runs === 1 ? 'run' : 'runs'}, made anew from ${outDirectory}\n`);
  if (remembered > 0) output.notes.write(`  kept ${remembered} whose directories are gone\n`);
  const byReason = new Map<string, string[]>();
  for (const { runId, why } of leftOut) byReason.set(why, [...(byReason.get(why) ?? []), runId]);
  for (const [why, ids] of byReason)
    output.notes.write(`  left out ${ids.length === 1 ? ids[0] : `${ids.length} runs`}: ${why}\n`);
}

/** @throws {PlateauError} `PLATEAU_UNKNOWN_SCENARIO` for a name that never ran */
function chosen(entries: readonly HistoryEntry[], name: string | undefined): readonly HistoryEntry[] {
  if (name === undefined) return entries;
  const own = entries.filter(({ run }) => run.scenario === name || run.scenario.startsWith(`${name}/`));
  if (own.length > 0) return own;
  const names = [...new Set(entries.map(({ run }) => run.scenario))];
  throw new PlateauError(
    'PLATEAU_UNKNOWN_SCENARIO',
    `Scenario "${name}": expected one that has run, got none of ${names.length} in the history.`,
    { hint: names.length === 0 ? `plateau run ${name} makes the first` : suggestion(name, names, names.join(', ')) },
  );
}

/** `heapUsed`, `gauge.*`. */
function withMetrics(series: SeriesTrends, metrics: readonly string[] | undefined): SeriesTrends {
  if (metrics === undefined) return series;
  const wanted = (metric: string) =>
    metrics.some((name) => name === metric || (name.endsWith('.*') && metric.startsWith(name.slice(0, -1))));
  const trends = series.trends.filter(({ metric }) => wanted(metric));
  if (trends.length > 0) return { ...series, trends };
  const known = [
    ...new Set([...series.trends.map(({ metric }) => metric), ...metricDefinitions().map(({ name }) => name)]),
  ];
  throw invalidOption(
    `--metric: expected a metric of ${series.scenario}, got "${metrics.join(',')}".`,
    suggestion(metrics[0] ?? '', known, 'plateau list shows the metrics'),
  );
}
