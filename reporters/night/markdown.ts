import type { NightEntryRecord, NightRecord } from '../../harness/model/night.js';
import type { ReportContext } from '../context.js';
import { formatDuration } from '../format/duration.js';
import { placeText } from '../format/location.js';
import { code, commandCode, plain, prose, tableRow } from '../format/markdown-text.js';
import { formatCount } from '../format/quantity.js';
import { symbolOf } from '../format/wording.js';
import { entryOf, newsWords, verdictWord } from './news-text.js';

type Where = Pick<ReportContext, 'directory'>;

function newsItems(night: NightRecord, reported: boolean, { directory }: Where): string[] {
  return (
    night.news
      // Why a night is void is said already.
      .filter((news) => news.reported === reported && news.kind !== 'void')
      .map((news) => {
        const { word, symbol } = newsWords[news.kind];
        const location = entryOf(night, news)?.location;
        const place =
          location === undefined || news.kind === 'fixed' ? '' : `, suspect at ${code(placeText(location, directory))}`;
        return `- ${symbol} **${word}** ${prose(news.message)}${place}`;
      })
  );
}

function entryRow(entry: NightEntryRecord): string {
  return tableRow([
    `${entry.known ? '·' : symbolOf(entry.verdict)} ${plain(entry.name, 120)}`,
    plain(verdictWord(entry)),
    entry.leaking
      .slice(0, 4)
      .map((metric) => code(metric, 80))
      .join(' '),
    entry.cycles > 0 ? formatCount(entry.cycles, 'cycles') : '–',
    entry.spentMs > 0 ? formatDuration(entry.spentMs) : '–',
  ]);
}

/** A night as a job summary or a comment: what changed first, then everything that was run. */
export function nightMarkdownReport(night: NightRecord, context: Where = {}): string {
  const symbol = night.verdict === 'void' ? '✗' : symbolOf(night.verdict);
  const shard = night.shard === undefined ? '' : ` ${night.shard}`;
  const reported = newsItems(night, true, context);
  const rest = newsItems(night, false, context);
  const failed = night.entries.filter(({ run, attempts }) => run === undefined && attempts > 0);
  const again = night.entries.flatMap(({ known, exitCode, rerun }) =>
    known || exitCode === 0 || rerun === undefined ? [] : [rerun],
  );
  return `${[
    `### ${symbol} plateau night${shard}: ${night.verdict}`,
    '',
    plain(night.reason, 1_000),
    '',
    ...(reported.length > 0 ? [...reported, ''] : night.verdict === 'void' ? [] : ['Nothing new.', '']),
    ...(night.entries.length > 0
      ? [
          '| Scenario | Verdict | Metrics | Driven | Time |',
          '|---|---|---|---:|---:|',
          ...night.entries.map(entryRow),
          '',
        ]
      : []),
    ...failed.flatMap(({ name, reason }) => [`**${plain(name)}** ${prose(reason)}`, '']),
    ...(rest.length > 0 ? ['**As before**', '', ...rest, ''] : []),
    ...(night.warnings.length > 0
      ? ['**Keep in mind**', '', ...night.warnings.map((text) => `- ${plain(text)}`), '']
      : []),
    ...(again.length > 0 ? ['**Again**', '', ...again.map((rerun) => `- ${commandCode(rerun)}`), ''] : []),
    `<sub>${formatDuration(night.spentMs)} of ${formatDuration(night.budgetMs)} · night ${night.id} · plateau ${plain(night.environment.plateau)} on Node ${plain(night.environment.node)}</sub>`,
  ].join('\n')}\n`;
}
