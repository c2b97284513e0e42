import type { RunRecord } from '../../harness/model/run-record.js';
import { type CodeAlert, codeAlerts } from './code-alerts.js';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** What the rules mean; their ids never change. */
const rules: Readonly<Record<string, string>> = {
  leak: 'Something that a cycle made stays behind, cycle after cycle.',
  stalled: 'No work finishes any more.',
  refusing: 'Most of the work fails, although nothing grew.',
  spinning: 'The CPU does not rest when there is no work.',
  crashed: 'The target did not start, or died.',
};

/** What is undecided says nothing of alerts: they stay as they were, since a category that is absent keeps its own. */
const undecided: ReadonlySet<string> = new Set(['inconclusive', 'interrupted']);
/** GitHub refuses a file with more; all scenarios are one analysis then. */
const runsMax = 20;

/** Code hosts refuse a result without a file: what no file of the workspace is to blame for is shown here. */
const fallbackFile = 'package.json';

/**
 * Runs as SARIF 2.1.0, an analysis for each scenario that was decided: an alert keeps its `ruleId` and fingerprints while its
 * line moves, and is absent once the leak is fixed. What was not soaked closes no alert.
 * @param workspace root of the checked-out repository; files are relative to it
 */
export function sarifReport(records: readonly RunRecord[], workspace: string): string {
  const decided = records.filter(isInSarif);
  const scenarios = new Set(decided.map(({ scenario }) => scenario));
  const runs =
    scenarios.size > runsMax
      ? [runOf(decided, workspace)]
      : [...scenarios].map((scenario) => ({
          ...runOf(
            decided.filter((record) => record.scenario === scenario),
            workspace,
          ),
          // What follows the last slash would distinguish one run from the next.
          automationDetails: { id: `plateau/${scenario}/` },
        }));
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs }, null, 2)}\n`;
}

/** Whether a run is an analysis, or a part of one: a file without any cannot be uploaded. */
export function isInSarif({ verdict }: RunRecord): boolean {
  return !undecided.has(verdict);
}

function runOf(records: readonly RunRecord[], workspace: string) {
  const ids = Object.keys(rules);
  return {
    tool: {
      driver: {
        name: 'plateau',
        ...(records[0] !== undefined && { version: records[0].environment.plateau }),
        rules: ids.map((id) => ({ id, shortDescription: { text: rules[id]! } })),
      },
    },
    results: codeAlerts(records, workspace).map((alert) => resultOf(alert, ids)),
    columnKind: 'utf16CodeUnits',
  };
}

function resultOf({ rule, level, message, fingerprint, place, scenario }: CodeAlert, ids: readonly string[]) {
  const { file = fallbackFile, line = 1, column } = place ?? {};
  return {
    ruleId: rule,
    ruleIndex: ids.indexOf(rule),
    level,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file), uriBaseId: '%SRCROOT%' },
          region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
        },
        logicalLocations: [{ name: scenario, kind: 'module' }],
      },
    ],
    // The first is plateau's own; the second is the one that GitHub matches alerts by.
    partialFingerprints: { 'plateau/v1': fingerprint, primaryLocationLineHash: `${fingerprint}:1` },
  };
}
