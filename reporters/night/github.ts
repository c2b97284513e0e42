import type { News } from '../../harness/model/news.js';
import type { NightEntryRecord, NightRecord } from '../../harness/model/night.js';
import { type Annotation, workflowCommand } from '../ci/workflow-command.js';
import { isWithin, shortPath } from '../format/location.js';
import { toneOf } from '../format/wording.js';
import { entryOf, isGrave, newsWords } from './news-text.js';

/** GitHub shows no more than ten of a kind for each step. */
const annotationsAtMost = 10;

/** Files outside of the workspace have no place in the change that GitHub shows. */
function placeOf(entry: NightEntryRecord | undefined, workspace: string): Pick<Annotation, 'file' | 'line'> {
  const { location } = entry ?? {};
  if (location === undefined || !isWithin(location, workspace)) return {};
  return { file: shortPath(location.file, workspace), line: location.line };
}

function annotationOf(night: NightRecord, news: News, workspace: string): Annotation {
  const entry = entryOf(night, news);
  const level = isGrave(news) ? 'error' : news.kind === 'change' || news.kind === 'undecided' ? 'warning' : 'notice';
  const suspect = entry?.suspect === undefined || level !== 'error' ? '' : ` Suspect: ${entry.suspect}`;
  return {
    level,
    title: `plateau: ${newsWords[news.kind].word}${entry === undefined ? '' : ` in ${entry.name}`}`,
    message: news.message + suspect,
    ...placeOf(entry, workspace),
  };
}

/** Leaks that were there before fail the step too, so that the reader sees where they are. */
function stillLeaking(night: NightRecord, workspace: string): Annotation[] {
  return night.news
    .filter(({ kind, reported }) => kind === 'still' && !reported)
    .flatMap((news) => {
      const entry = entryOf(night, news);
      if (entry === undefined || entry.known || toneOf(entry.verdict) !== 'bad') return [];
      return [{ ...annotationOf(night, news, workspace), level: 'warning' as const }];
    });
}

/**
 * Workflow commands that show a night's news at the lines of its suspects.
 * @param workspace root of the checked-out repository
 * @returns lines ending in a newline; empty when there is nothing to show
 */
export function githubAnnotations(night: NightRecord, workspace: string): string {
  const reported = night.news.filter((news) => news.reported).map((news) => annotationOf(night, news, workspace));
  return [...reported, ...stillLeaking(night, workspace)].slice(0, annotationsAtMost).map(workflowCommand).join('');
}
