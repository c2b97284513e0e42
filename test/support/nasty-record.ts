import { findingWith, recordWith } from './record-with.js';

/** What an evil or broken target may call itself: markup, scripts, escape sequences, overrides, wide characters. */
const evil = '</script><img src=x onerror="globalThis.pwned=1">';
const escapes = '\u001b[2J\u001b]0;owned\u0007\u009b31m\r\n\u202Eevil\u2066';

export const nastyRecord = recordWith({
  scenario: `${evil}${escapes}日本語`,
  defects: [`<b>bold</b>${escapes}`],
  verdict: 'leak',
  exitCode: 1,
  reason: `gauge.${evil} grows ${escapes} & "quotes" 'single' ]]> \`ticks\` | pipe`,
  command: `plateau run '${evil}'`,
  rerun: `plateau run '${evil}' --seed 41`,
  findings: [
    findingWith({
      metric: `gauge.${evil}`,
      unit: `<i>entries${escapes}`,
      operation: `op|${evil}`,
      verdict: 'leak',
      shape: 'linear',
      slope: { estimate: 1, low: 1, high: 1, unit: 'entries/cycle' },
      reason: `grows ${evil}`,
    }),
    findingWith({ metric: 'gauge.__proto__', unit: 'entries', first: 1, last: 1 }),
  ],
  suspects: [
    {
      kind: 'gauge',
      description: `gauge ${evil}${escapes}`,
      metric: `gauge.${evil}`,
      operation: evil,
      location: {
        file: `/srv/${evil}.ts`,
        line: 1,
        column: 1,
        function: evil,
        source: `${evil}${escapes}`,
        package: evil,
      },
      calledFrom: { file: `/srv/${evil}/${escapes}.ts`, line: 1, function: evil, source: `${evil}${escapes}` },
      stack: [{ file: `/srv/${evil}.ts`, line: 1, function: evil }],
      holder: { description: evil, path: [evil, 'javascript:alert(1)'], location: { file: evil, line: 2 } },
      perCycle: { estimate: 1, low: 1, high: 1, unit: 'entries/cycle' },
      share: 1,
      series: [
        [0, 1],
        [100, 101],
      ],
    },
  ],
  explained: { [`gauge.${evil}`]: 1 },
  latency: { [`${evil}.create`]: { count: 1, p50: 1, p90: 1, p99: 1, max: 1 } },
  failures: [{ operation: evil, phase: 'create', kind: evil, count: 3, message: `${evil}${escapes}\n\n# heading` }],
  audit: [{ check: evil, ok: false, detail: `${evil}${escapes}` }],
  warnings: [`a warning: ${escapes}${evil}`],
  artifacts: [
    { kind: 'heap-snapshot', path: `javascript:alert(1)//${evil}` },
    { kind: evil, path: '../../../etc/passwd' },
  ],
  environment: { ...recordWith({}).environment, cpuModel: evil },
  parameters: { [evil]: evil, nested: { list: [evil, 1, null] } },
});
