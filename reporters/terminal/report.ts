import { dirname, join } from 'node:path';
import type { RunRecord } from '../../harness/model/run-record.js';
import { adviceFor } from '../advice.js';
import type { ReportContext } from '../context.js';
import { explainedText } from '../format/explained.js';
import { extentTexts } from '../format/extent.js';
import { failedChecks } from '../format/failed-checks.js';
import { pad, spread, usableWidth, wrap } from '../format/layout.js';
import { shortPath } from '../format/location.js';
import { formatNumber } from '../format/number.js';
import { printable, printableCommand } from '../format/printable.js';
import { paintOf, type Style, styleFor } from '../format/style.js';
import { symbolOf, toneOf } from '../format/wording.js';
import { sensitivity } from '../sensitivity.js';
import { faultBlocks } from './fault-lines.js';
import { footprintBlocks } from './footprint-lines.js';
import { metricLines } from './metric-lines.js';
import { suspectBlocks } from './suspect-lines.js';

const indent = 2;
const labelWidth = 11;
const warningsAtMost = 5;
const failuresAtMost = 3;

export function paintVerdict(record: RunRecord, style: Style): { symbol: string; word: string } {
  const paint = paintOf(toneOf(record.verdict), style);
  return { symbol: paint(symbolOf(record.verdict)), word: style.bold(paint(record.verdict.toUpperCase())) };
}

export function scenarioTitle(record: RunRecord): string {
  const defects = record.defects.map((defect) => ` + ${printable(defect, 60)}`).join('');
  return printable(record.scenario, 120) + defects;
}

function headerLines(record: RunRecord, width: number, style: Style): string[] {
  const { symbol, word } = paintVerdict(record, style);
  const facts = extentTexts(record);
  const title = `${symbol} ${style.bold(scenarioTitle(record))}  ${word}`;
  const oneLine = spread(title, style.dim(facts.join(' · ')), width);
  const reason = ' '.repeat(indent) + wrap(printable(record.reason, 1_000), width, indent);
  if (oneLine !== undefined) return [oneLine, reason];
  return [wrap(title, width, indent), ' '.repeat(indent) + style.dim(wrap(facts.join(' · '), width, indent)), reason];
}

/** Blocks of lines with a label before the first line of each; above it where the terminal is narrow. */
function labelled(label: string, blocks: readonly (readonly string[])[], room: Room): string[] {
  const { style, margin, narrow } = room;
  return blocks.flatMap((block) => {
    const lines = block.flatMap((text) => text.split('\n').map((line) => line.trimStart()));
    if (narrow) return [`  ${style.dim(label)}`, ...lines.map((line) => ' '.repeat(margin) + line)];
    return lines.map((line, index) => pad(index === 0 ? style.dim(label.padStart(labelWidth)) : '', margin) + line);
  });
}

interface Room {
  readonly style: Style;
  readonly narrow: boolean;
  /** Columns before labelled text. */
  readonly margin: number;
}

function failureTexts(record: RunRecord): string[] {
  const failures = record.failures ?? [];
  const shown = [...failures]
    .sort((one, other) => other.count - one.count)
    .slice(0, failuresAtMost)
    .map(
      ({ operation, phase, kind, count, message }) =>
        `${formatNumber(count)} × ${phase} of ${printable(operation, 60)}: ${printable(kind, 60)} ${printable(message, 300)}`,
    );
  const more = failures.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more kinds in the report`] : shown;
}

function warningTexts(record: RunRecord): string[] {
  const texts = [
    ...failedChecks(record).map(({ check, detail }) => `${printable(check, 80)}: ${printable(detail, 400)}`),
    ...record.warnings.map((warning) => printable(warning, 400)),
  ];
  const more = texts.length - warningsAtMost;
  return more > 0 ? [...texts.slice(0, warningsAtMost), `and ${more} more in the report`] : texts;
}

/**
 * The report of one run: what was decided first, then what decided it, then what to do.
 * @returns lines ending in a newline, none wider than the terminal where text can be broken
 */
export function terminalReport(record: RunRecord, context: ReportContext = {}): string {
  const style = styleFor(context.color ?? false);
  const width = usableWidth(context.width);
  const narrow = width < 60;
  const room: Room = { style, narrow, margin: narrow ? 4 : labelWidth + 2 };
  const inner = width - room.margin;
  const sections = [
    headerLines(record, width, style),
    metricLines(record, { width: width - indent, verbose: context.verbose ?? false }, style).map(
      (line) => `  ${line.replaceAll('\n', '\n  ')}`,
    ),
    suspectLines(record, context.directory, inner, room),
    labelled('faults', faultBlocks(record, style), room),
    labelled('live', footprintBlocks(record, style), room),
    [
      ...labelled('failed', wrapped(failureTexts(record), inner), room),
      ...labelled('note', wrapped(warningTexts(record), inner), room),
    ],
    record.targetOutput === undefined ? [] : labelled('target', [outputLines(record, inner)], room),
    closingLines(record, context, inner, room),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** What the target printed last, where it failed. */
function outputLines({ targetOutput }: RunRecord, width: number): string[] {
  const lines = targetOutput?.lastLines ?? [];
  return (lines.length === 0 ? ['(it printed nothing)'] : lines).map((line) => wrap(printable(line, 500), width));
}

function wrapped(texts: readonly string[], width: number): string[][] {
  return texts.map((text) => [wrap(text, width)]);
}

function suspectLines(record: RunRecord, directory: string | undefined, width: number, room: Room): string[] {
  const explained = explainedText(record, (metric) => printable(metric, 60));
  return [
    ...labelled('suspect', suspectBlocks(record, { width, directory, style: room.style }), room),
    ...(explained === undefined ? [] : labelled('explained', wrapped([explained], width), room)),
  ];
}

/** What the run could have seen, what to do now, and how to have it again. Commands are not wrapped: they get copied. */
function closingLines(record: RunRecord, context: ReportContext, width: number, room: Room): string[] {
  const floor = record.verdict === 'plateau' ? sensitivity(record) : undefined;
  const advice = adviceFor(record).map(({ text, command }) =>
    command === undefined ? [wrap(text, width)] : [wrap(`${text}:`, width), room.style.bold(command)],
  );
  const report = context.reportPath === undefined ? [] : [[shortPath(context.reportPath, context.directory)]];
  const log = record.targetOutput?.log;
  const logPath = context.reportPath === undefined ? log : log && join(dirname(context.reportPath), log);
  return [
    ...(floor === undefined ? [] : labelled('would see', wrapped([floor], width), room)),
    ...labelled('try', advice, room),
    ...labelled('log', logPath === undefined ? [] : [[shortPath(logPath, context.directory)]], room),
    ...labelled('report', report, room),
    ...labelled('rerun', [[printableCommand(record.rerun)]], room),
  ];
}
