import type { MetricFamily } from './metric-families.js';

/*
 * Two text formats of one content: OpenMetrics 1.0 for those who ask for it, and the older Prometheus format. They differ
 * in the names of counters and infos, in units and in the mark at the end.
 */

export const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8';

export function openMetricsText(families: readonly MetricFamily[]): string {
  return `${families.map(openMetricsFamily).join('')}# EOF\n`;
}

function openMetricsFamily(family: MetricFamily): string {
  const { name, type, unit, help } = family;
  const suffix = type === 'counter' ? '_total' : type === 'info' ? '_info' : '';
  const head = [
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${escaped(help)}`,
  ];
  return lines([...head, ...samples(`${name}${suffix}`, family)]);
}

export function prometheusText(families: readonly MetricFamily[]): string {
  return families
    .map((family) => {
      const { type, help } = family;
      const name = `${family.name}${type === 'counter' ? '_total' : type === 'info' ? '_info' : ''}`;
      const head = [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type === 'info' ? 'gauge' : type}`];
      return lines([...head, ...samples(name, family)]);
    })
    .join('');
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

function samples(name: string, { values }: MetricFamily): string[] {
  return values.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text).replaceAll('"', '\\"')}"`);
    return `${name}{${pairs.join(',')}} ${numberText(value)}`;
  });
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
