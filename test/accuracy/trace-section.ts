import { kinds, protocols, type Truth } from './kinds.js';
import { rivals } from './rivals/index.js';
import type { Section } from './section.js';
import { markdownTable, share, Tally, tallied } from './tally.js';
import type { Trace } from './trace.js';
import { judgeAllChannels, judgeHeap, rivalSeriesOf } from './trace-judges.js';

interface Judge {
  readonly name: string;
  verdict(trace: Trace): string;
}

const judges: readonly Judge[] = [
  { name: 'plateau, heap', verdict: (trace) => judgeHeap(trace).verdict },
  { name: 'plateau, all columns', verdict: (trace) => judgeAllChannels(trace).verdict },
  ...rivals.map((rival) => ({ name: rival.name, verdict: (trace: Trace) => rival.judge(rivalSeriesOf(trace)) })),
];

/** Every trace judged by plateau and by every rival, on the same readings. */
export function traceSection(traces: readonly Trace[]): Section {
  const known = traces.filter(({ kind, protocol }) => kind in kinds && protocol in protocols);
  const verdicts = new Map(judges.map(({ name, verdict }) => [name, known.map(verdict)]));
  const present = Object.keys(protocols).filter((name) => known.some(({ protocol }) => protocol === name));
  const failures = ['plateau, heap', 'plateau, all columns'].flatMap((name) =>
    known.flatMap((trace, index) =>
      kinds[trace.kind]!.truth !== 'leak' && verdicts.get(name)![index] === 'leak'
        ? [`${name}: false leak on ${trace.name}`]
        : [],
    ),
  );
  return {
    title: `Recorded traces: ${known.length}`,
    body: [
      'Cells count leak / plateau / inconclusive. A leak on a kind that is `sound` or still `filling` is false.',
      ...present.map((protocol) => protocolTable(protocol, known, verdicts)),
      '### In all',
      totals(known, verdicts),
      `Rules: ${rivals.map(({ name, source }) => `**${name}** ${source}`).join('; ')}.`,
    ].join('\n\n'),
    failures,
  };
}

type Verdicts = ReadonlyMap<string, readonly string[]>;

function protocolTable(protocol: string, traces: readonly Trace[], verdicts: Verdicts): string {
  const kindsHere = Object.keys(kinds).filter((kind) =>
    traces.some((trace) => trace.protocol === protocol && trace.kind === kind),
  );
  const rows = kindsHere.map((kind) => [
    `${kind} (${kinds[kind]!.truth})`,
    ...judges.map(({ name }) => {
      const of = traces.flatMap((trace, index) =>
        trace.protocol === protocol && trace.kind === kind ? [[kind, verdicts.get(name)![index]!] as const] : [],
      );
      return String(tallied(of).get(kind));
    }),
  ]);
  return `### ${protocols[protocol]} (\`${protocol}_\`)\n\n${markdownTable(['kind', ...judges.map(({ name }) => name)], rows)}`;
}

/** Shares with exact 95 % intervals, quiescent and naive readings apart. */
function totals(traces: readonly Trace[], verdicts: Verdicts): string {
  const rows = judges.map(({ name }) => {
    const count = (naive: boolean, truths: readonly Truth[]) => {
      const total = new Tally();
      traces.forEach((trace, index) => {
        if ((trace.protocol === 'n') === naive && truths.includes(kinds[trace.kind]!.truth))
          total.add(verdicts.get(name)![index]!);
      });
      return total;
    };
    const sound = count(false, ['sound', 'filling']);
    const bounded = count(false, ['sound']);
    const leaking = count(false, ['leak']);
    const naive = count(true, ['sound', 'filling']);
    return [
      name,
      share(sound.leak, sound.all),
      share(bounded.plateau, bounded.all),
      share(leaking.leak, leaking.all),
      share(naive.leak, naive.all),
    ];
  });
  return markdownTable(
    [
      'rule',
      'false leaks, settled',
      'sound called plateau, settled',
      'leaks found, settled (all sizes)',
      'false leaks, naive',
    ],
    rows,
  );
}
