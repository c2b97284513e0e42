import { relative } from 'node:path';
import type { Interval } from '../../harness/model/run-record.js';
import type { Loop, ShrinkResult, Trial } from '../../harness/model/shrink.js';
import type { ReportContext } from '../context.js';
import { formatDuration } from '../format/duration.js';
import { intervalText } from '../format/interval.js';
import { spread, truncate, usableWidth, wrap } from '../format/layout.js';
import { printable } from '../format/printable.js';
import { formatCount } from '../format/quantity.js';
import { type Style, styleFor } from '../format/style.js';

const operationsAtMost = 8;
const inputsAtMost = 8;

/** What a trial showed, on one line for a log; without a newline. */
export function trialLine({ loop, state, slope, elapsedMs }: Trial, width = 80): string {
  const shown = slope === undefined ? '' : ` ${intervalText(slope)}`;
  const outcome = state === 'same' ? `leaks${shown}` : `leaks less${shown}`;
  return truncate(`${outcome} · ${formatDuration(elapsedMs)} · ${loopText(loop)}`, Math.max(60, width));
}

function loopText({ operations: [first, ...others], inputs, concurrency }: Loop): string {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const drawn = inputs === 'all' ? 'all inputs' : inputsText(inputs);
  return `${printable(first ?? '', 60)}${more}, ${drawn}, ${concurrency} at once`;
}

function inputsText(inputs: readonly number[]): string {
  if (inputs.length > inputsAtMost) return formatCount(inputs.length, 'inputs');
  return `${inputs.length === 1 ? 'input' : 'inputs'} ${inputs.join(', ')}`;
}

/** The result of a reduction. */
export function terminalShrink(result: ShrinkResult, context: ReportContext = {}): string {
  const style = styleFor(context.color ?? false);
  const width = usableWidth(context.width);
  const facts = `${formatCount(result.trials.length, 'trials')} · ${formatDuration(result.elapsedMs)}`;
  const title = titleOf(result, style);
  const lines = [
    spread(title, style.dim(facts), width) ?? `${title}\n  ${style.dim(facts)}`,
    ...(result.outcome === 'unshown' ? [wrap(`  ${result.reason}`, width, 2)] : loopLines(result, width)),
    '',
    ...slopeLines(result, style),
    ...moduleLines(result, style, context.directory ?? ''),
  ];
  return `${lines.join('\n')}\n`;
}

function titleOf({ outcome, scenario, loop, whole }: ShrinkResult, style: Style): string {
  if (outcome === 'unshown') return `${style.yellow('?')} ${style.bold(printable(scenario, 80))} CANNOT TELL`;
  const partial = isReduced(loop, whole) ? 'a smaller loop that leaks' : 'no smaller loop was found';
  const found = outcome === 'smallest' ? 'the smallest loop that leaks' : `${partial}; the time was over`;
  return `${style.red('✗')} ${style.bold(printable(scenario, 80))} ${found}`;
}

function isReduced(loop: Loop, whole: Loop): boolean {
  const leavesOperations = loop.operations.length < whole.operations.length;
  return leavesOperations || loop.inputs !== whole.inputs || loop.concurrency < whole.concurrency;
}

function loopLines({ loop, whole, inputs }: ShrinkResult, width: number): string[] {
  const shown = loop.operations.slice(0, operationsAtMost);
  const hidden = loop.operations.length - shown.length;
  const drawn = inputs === 'fresh' ? 'ever-new inputs' : `all ${formatCount(inputs, 'inputs')}`;
  const parts = [
    `${loop.operations.length} of ${formatCount(whole.operations.length, 'operations')}`,
    loop.inputs === 'all' ? drawn : `${inputsText(loop.inputs)}${inputs === 'fresh' ? '' : ` of ${inputs}`}`,
    `${loop.concurrency} at once${loop.concurrency === whole.concurrency ? '' : ` instead of ${whole.concurrency}`}`,
  ];
  return [
    ...shown.map((name) => truncate(`  ${printable(name, 200)}`, width)),
    ...(hidden > 0 ? [`  and ${hidden} more`] : []),
    `  ${parts.join(' · ')}`,
  ];
}

function slopeLines({ metric, rate, operation, whole, confirmed }: ShrinkResult, style: Style): string[] {
  const line = (name: string, slope: Interval, of = '') =>
    `${style.dim(name.padStart(8))}  ${printable(metric, 60)} ${intervalText(slope)}${of}`;
  const isOfAll = operation === undefined && whole.operations.length > 1;
  const ofRun = line('run', rate, isOfAll ? ' of all operations' : '');
  return confirmed === undefined ? [ofRun] : [ofRun, line('loop', confirmed.slope)];
}

function moduleLines({ module, confirmed }: ShrinkResult, style: Style, directory: string): string[] {
  if (confirmed === undefined) return [];
  if (module === undefined) return [style.dim('  no module: the scenario comes with plateau')];
  const path = relative(directory, module);
  const shown = path.startsWith('.') ? path : `./${path}`;
  return [`${style.dim('  module')}  ${shown}`, `${style.dim('    next')}  plateau run ${shown}`];
}
