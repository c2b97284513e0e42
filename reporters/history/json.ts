import type { SeriesTrends } from '../../harness/model/history.js';
import { inertJson } from '../format/printable.js';

/** Runs, points and changes, for scripts; one JSON value. */
export function jsonHistory(all: readonly SeriesTrends[]): string {
  return `${inertJson({ schemaVersion: 1, series: all.map(seriesEntry) })}\n`;
}

function seriesEntry({ scenario, variant, runs, trends }: SeriesTrends) {
  return {
    scenario,
    variant,
    runs,
    trends: trends.map(({ metric, quantity, unit, rows, points, changes }) => ({
      metric,
      quantity,
      unit,
      points: points.map(({ value, standardError }, index) => ({
        runId: rows[index]!.runId,
        night: rows[index]!.night,
        startedAt: rows[index]!.startedAt,
        gitCommit: rows[index]!.gitCommit ?? null,
        value,
        standardError,
        verdict: rows[index]!.verdict ?? null,
        ...(quantity === 'slope' && { low: rows[index]!.slope?.low, high: rows[index]!.slope?.high }),
      })),
      changes,
    })),
  };
}
