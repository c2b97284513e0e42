import { momentOfEpoch } from './moments.js';
import { rawSeries } from './prometheus.js';
import type { RawSeries } from './raw-series.js';

const sampleLine =
  /^([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:\\.|[^"\\])*")*)\})?[ \t]+(\S+)(?:[ \t]+([\d.e+]+))?(?:[ \t]+#.*)?$/;
const label = /([a-zA-Z_]\w*)="((?:\\.|[^"\\])*)"/g;
const typeLine = /^#\s*TYPE\s+(\S+)\s+(\S+)/;
/** Of these, single values do not show what a process holds. */
const cumulative = new Set(['counter', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset']);

/** Whether a text is in the format that Prometheus scrapes. */
export function isOpenMetrics(text: string): boolean {
  const lines = text.split('\n', 200).filter((line) => line.trim() !== '');
  if (lines.some((line) => typeLine.test(line))) return true;
  return (
    lines.length > 0 &&
    lines.every((line) => line.startsWith('#') || sampleLine.test(line)) &&
    lines.some(isLabelledOrTimed)
  );
}

function isLabelledOrTimed(line: string): boolean {
  const [, , labels, , at] = sampleLine.exec(line) ?? [];
  return labels !== undefined || at !== undefined;
}

export interface ScrapedSeries {
  readonly series: readonly RawSeries[];
  /** Positions are epoch ms; else they count the scrapes. */
  readonly dated: boolean;
}

/** Series of one or more scrapes, one after the other; without timestamps a reading's position is the number of its scrape. */
export function openMetricsSeries(text: string): ScrapedSeries {
  const types = new Map<string, string>();
  const found = new Map<string, { name: string; labels: Record<string, string>; at: number[]; values: number[] }>();
  let dated = true;
  for (const line of text.split('\n')) {
    const [, family, type] = typeLine.exec(line) ?? [];
    if (family !== undefined && type !== undefined) types.set(family, type);
    const [, name, labels = '', value, moment] = line.startsWith('#') ? [] : (sampleLine.exec(line) ?? []);
    if (name === undefined || cumulative.has(typeOf(types, name))) continue;
    const key = `${name}{${labels}}`;
    const series = found.get(key) ?? { name, labels: labelsOf(labels), at: [], values: [] };
    found.set(key, series);
    const atMs = moment === undefined ? undefined : momentOfEpoch(Number(moment));
    dated &&= atMs !== undefined;
    series.at.push(atMs ?? Number.NaN);
    series.values.push(Number(value));
  }
  const all = [...found.values()].map(({ name, labels, at, values }) => ({
    name,
    labels,
    positions: dated ? at : at.map((_, scrape) => scrape),
    values,
  }));
  return { series: rawSeries(dated ? all.map(inOrder) : all), dated };
}

function typeOf(types: ReadonlyMap<string, string>, name: string): string {
  return types.get(name) ?? types.get(name.replace(/_(?:total|created|bucket|count|sum|info)$/, '')) ?? 'unknown';
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(label)].map(([, name = '', value = '']) => [name, value]));
}

function inOrder<Series extends { readonly positions: readonly number[]; readonly values: readonly number[] }>(
  series: Series,
): Series {
  const order = [...series.positions.keys()].sort((left, right) => series.positions[left]! - series.positions[right]!);
  return {
    ...series,
    positions: order.map((index) => series.positions[index]!),
    values: order.map((index) => series.values[index]!),
  };
}
