import { metricCatalogue } from './metric-catalogue.js';
import type { MetricDefinition } from './metric-definition.js';

export type { Contents, MetricChannel, MetricDefinition, MetricScale } from './metric-definition.js';

const byName = new Map(metricCatalogue.map((definition) => [definition.name, definition]));

/** Every metric that plateau knows, families as `name.*`. */
export function metricDefinitions(): readonly MetricDefinition[] {
  return metricCatalogue;
}

/** Definition of a metric or of the family it belongs to; `undefined` when the name is not a metric's. */
export function metricDefinition(name: string): MetricDefinition | undefined {
  const exact = byName.get(name);
  if (exact !== undefined) return exact;
  const dot = name.indexOf('.');
  return dot > 0 && dot < name.length - 1 ? byName.get(`${name.slice(0, dot)}.*`) : undefined;
}

/** The metric that a breakdown belongs to: `fds.file` -> `fds`, sockets are descriptors; `undefined` for metrics that stand alone. */
export function parentMetric(name: string): string | undefined {
  const partOf = metricDefinition(name)?.partOf;
  if (partOf !== undefined) return partOf;
  const dot = name.indexOf('.');
  if (dot < 0) return undefined;
  const family = name.slice(0, dot);
  return family !== 'gauge' && byName.has(family) ? family : undefined;
}

/** Whether it is memory, or what lives in it: a cache may hold that, and be full one day. What else grows runs out long before. */
export function livesInHeap(name: string): boolean {
  const definition = metricDefinition(name);
  const scale = definition?.scale ?? (definition?.unit === 'B' ? 'heap' : undefined);
  return (scale === 'heap' || scale === 'entries') && definition?.goesByItself !== true;
}
