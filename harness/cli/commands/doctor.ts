import { wrap } from '../../../reporters/format/layout.js';
import { printable } from '../../../reporters/format/printable.js';
import { type Style, styleFor } from '../../../reporters/format/style.js';
import type { CapabilityCheck, DoctorReport } from '../../model/doctor-report.js';
import { checkQueue } from '../../queue/check-queue.js';
import { checkRuntimes } from '../../runtimes/check-runtimes.js';
import { checkVirtualClocks } from '../../runtimes/native/virtual-clock.js';
import { runtimes } from '../../runtimes/runtimes.js';
import { examineMachine } from '../../sample/doctor.js';
import type { AddCommand, CliContext } from '../context.js';

const widthMax = 120;
const incompleteExitCode = 2;

const groupTitles: Readonly<Record<CapabilityCheck['group'], string>> = {
  processes: 'Processes, seen from outside',
  node: 'Node, seen from inside',
  machine: 'Machine',
  runtimes: 'Other runtimes, seen from inside',
  optional: 'Optional',
  fleet: 'Fleet',
};

const exitCodesHelp = `
Exit codes:
  0  plateau sees everything that it can measure
  2  something is missing or limited; each says what it costs and how to get it`;

export const addDoctorCommand: AddCommand = (program, act) => {
  program
    .command('doctor')
    .description('what this machine lets plateau see, and what it cannot')
    .option('--queue <url>', 'also what nights on several machines need, e.g. redis://127.0.0.1:6379')
    .option('--json', 'for scripts')
    .addHelpText('after', exitCodesHelp)
    .action(act(doctor));
};

interface Flags {
  readonly json?: true;
  readonly queue?: string;
}

async function doctor({ output }: CliContext, flags: Flags): Promise<number> {
  const [machine, ofRuntimes, ofClocks, ofQueue] = await Promise.all([
    examineMachine(),
    checkRuntimes(runtimes),
    checkVirtualClocks(),
    flags.queue === undefined ? [] : checkQueue(flags.queue),
  ]);
  const examined = {
    ...machine,
    checks: [...machine.checks, ...ofRuntimes, ofClocks, ...ofQueue],
    complete: machine.complete && ofQueue.every(({ status }) => status === 'ok'),
  };
  const { report } = output;
  if (flags.json) report.write(`${JSON.stringify(examined, undefined, 2)}\n`);
  else report.write(doctorText(examined, Math.min(report.width, widthMax), styleFor(report.color)));
  return examined.complete ? 0 : incompleteExitCode;
}

function doctorText({ machine, checks, complete }: DoctorReport, width: number, style: Style): string {
  const { node, platform, cpuModel, cores, memoryBytes } = machine;
  const memory = `${(memoryBytes / 1024 ** 3).toFixed(1)} GiB`;
  const facts = `Node ${node} · ${platform} · ${printable(cpuModel, 80)} · ${cores} cores · ${memory}`;
  const groups = Object.entries(groupTitles).flatMap(([group, title]) => {
    const texts = checks.filter((check) => check.group === group).map((check) => checkText(check, width, style));
    return texts.length === 0 ? [] : [[style.bold(title), ...texts]];
  });
  const needed = checks.filter(({ group }) => group !== 'optional' && group !== 'runtimes');
  const lacking = needed.filter(({ status }) => status !== 'ok').length;
  const conclusion = complete
    ? 'plateau sees everything on this machine that it can measure.'
    : `${lacking} of ${needed.length} checks are not fulfilled; what they cost is said above.`;
  return `${[[wrap(facts, width)], ...groups, [wrap(conclusion, width)]].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function checkText(check: CapabilityCheck, width: number, style: Style): string {
  const { capability, status, detail, purpose, loss, remedy } = check;
  const symbol = status === 'ok' ? style.green('✓') : status === 'limited' ? style.yellow('!') : style.red('✗');
  const found = `${symbol} ${capability}: ${printable(detail, 300)}`;
  const texts = [style.dim(purpose), ...(loss === undefined ? [] : [`without it: ${loss}`])];
  if (remedy !== undefined) texts.push(`try: ${remedy}`);
  return [`  ${wrap(found, width, 4)}`, ...texts.map((text) => `    ${wrap(text, width, 4)}`)].join('\n');
}
