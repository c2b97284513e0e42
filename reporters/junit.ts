import type { NightEntryRecord, NightRecord } from '../harness/model/night.js';
import type { Finding, RunRecord } from '../harness/model/run-record.js';
import { elapsedMsOf } from './format/duration.js';
import { formatBudget, intervalText } from './format/interval.js';
import { placeText } from './format/location.js';
import { type Markup, markup } from './format/markup.js';
import { printable } from './format/printable.js';
import { measuredText, shapeText, toneOf } from './format/wording.js';

/** What a test case came to; CI systems know no more than these. */
type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

/** Nothing that was not shown to be sound may look like a pass: what is inconclusive is an error. */
function runOutcome({ verdict }: RunRecord): Outcome {
  if (verdict === 'crashed') return 'error';
  const tone = toneOf(verdict);
  return tone === 'good' ? 'passed' : tone === 'bad' ? 'failure' : 'error';
}

function findingOutcome({ verdict }: Finding): Outcome {
  const tone = toneOf(verdict);
  if (tone === 'quiet') return 'skipped';
  return tone === 'good' ? 'passed' : tone === 'bad' ? 'failure' : 'error';
}

interface TestCase {
  readonly name: string;
  readonly outcome: Outcome;
  readonly type: string;
  readonly message: string;
  readonly detail: readonly string[];
  readonly seconds: number;
}

function suspectTexts(record: RunRecord, metric: string | undefined): string[] {
  return record.suspects
    .filter((suspect) => metric === undefined || suspect.metric === metric)
    .map(({ description, location, calledFrom, perCycle, holder }) => {
      const caller = calledFrom === undefined ? '' : `, called from ${placeText(calledFrom)}`;
      const place = location === undefined ? '' : ` at ${placeText(location)}${caller}`;
      const held = holder === undefined ? '' : `, held by ${holder.description}`;
      return `suspect: ${description}${place} ${intervalText(perCycle)}${held}`;
    });
}

/** What the target printed last, where it failed. */
function outputTexts({ targetOutput }: RunRecord): string[] {
  const lines = (targetOutput?.lastLines ?? []).map((line) => `target: ${printable(line, 500)}`);
  return targetOutput?.log === undefined ? lines : [...lines, `log: ${targetOutput.log} in the run directory`];
}

/** The run as a whole, then every metric that was judged. */
function casesOf(record: RunRecord): TestCase[] {
  const whole: TestCase = {
    name: 'verdict',
    outcome: runOutcome(record),
    type: record.verdict,
    message: record.reason,
    detail: [...suspectTexts(record, undefined), ...outputTexts(record), `rerun: ${record.rerun}`],
    seconds: elapsedMsOf(record) / 1000,
  };
  const findings = record.findings.map((finding) => ({
    name: finding.metric,
    outcome: findingOutcome(finding),
    type: finding.verdict,
    message: `${finding.metric} ${shapeText(finding)}: ${finding.reason}`,
    detail: [
      `${measuredText(finding)}, limit ${formatBudget(finding.budget, finding.slope)}`,
      ...suspectTexts(record, finding.metric),
    ],
    seconds: 0,
  }));
  return [whole, ...findings];
}

function caseMarkup(suite: string, { name, outcome, type, message, detail, seconds }: TestCase): Markup {
  const attributes = markup`name="${name}" classname="${suite}" time="${seconds.toFixed(3)}"`;
  if (outcome === 'passed') return markup`    <testcase ${attributes}/>\n`;
  if (outcome === 'skipped')
    return markup`    <testcase ${attributes}>\n      <skipped message="${type}: ${message}"/>\n    </testcase>\n`;
  const lines = detail.map((line) => markup`\n${line}`);
  const open = markup`type="${type}" message="${message}"`;
  const body =
    outcome === 'failure'
      ? markup`<failure ${open}>${lines}
</failure>`
      : markup`<error ${open}>${lines}
</error>`;
  return markup`    <testcase ${attributes}>\n      ${body}\n    </testcase>\n`;
}

function suiteName(record: RunRecord): string {
  return [record.scenario, ...record.defects].join(' + ');
}

/** A suite of cases, about a run or not. */
interface Suite {
  readonly name: string;
  readonly cases: readonly TestCase[];
  readonly properties: readonly (readonly [string, string])[];
  readonly seconds: number;
  readonly startedAt: string;
}

function suiteOf(record: RunRecord): Suite {
  return {
    name: suiteName(record),
    cases: casesOf(record),
    properties: [
      ['run', record.id],
      // Cases that pass have no text.
      ['reason', record.reason],
      ['seed', String(record.seed)],
      ['cycles', String(record.counts.cycles)],
      ['plateau', record.environment.plateau],
      ['node', record.environment.node],
      ['rerun', record.rerun],
    ],
    seconds: elapsedMsOf(record) / 1000,
    startedAt: record.startedAt,
  };
}

function suiteMarkup({ name, cases, properties, seconds, startedAt }: Suite, index: number): Markup {
  const lines = properties.map(([key, value]) => markup`      <property name="${key}" value="${value}"/>\n`);
  return markup`  <testsuite id="${index}" name="${name}" ${totals(cases)} time="${seconds.toFixed(3)}" timestamp="${startedAt.slice(0, 19)}">
    <properties>\n${lines}    </properties>
${cases.map((one) => caseMarkup(name, one))}  </testsuite>\n`;
}

function totals(cases: readonly TestCase[]): Markup {
  const count = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length;
  return markup`tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

function suitesMarkup(suites: readonly Suite[]): string {
  const cases = suites.flatMap((suite) => suite.cases);
  const count = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length;
  const seconds = suites.reduce((sum, suite) => sum + suite.seconds, 0);
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="plateau" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" time="${seconds.toFixed(3)}">
${suites.map(suiteMarkup)}</testsuites>
`.text;
}

/** Runs as JUnit XML for CI systems: a suite each, with a case for the verdict and for every metric. */
export function junitReport(records: readonly RunRecord[]): string {
  return suitesMarkup(records.map(suiteOf));
}

/**
 * A night as JUnit XML: its canaries, then a suite for each entry. A leak that is known is skipped with its note, so that
 * it fails no build; what could not be run, or got no time, is an error.
 * @param runs the runs that count
 */
export function nightJunitReport(night: NightRecord, runs: readonly RunRecord[]): string {
  return suitesMarkup([canarySuite(night), ...night.entries.map((entry) => entrySuite(night, entry, runs))]);
}

function canarySuite({ canaries, startedAt, id }: NightRecord): Suite {
  return {
    name: 'canaries',
    cases: canaries.map(({ kind, pair, ok, detail, durationMs }) => ({
      name: `${kind} ${pair + 1}`,
      outcome: ok ? 'passed' : 'error',
      type: 'void',
      message: detail,
      detail: [],
      seconds: durationMs / 1000,
    })),
    properties: [['night', id]],
    seconds: canaries.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000,
    startedAt,
  };
}

function entrySuite(night: NightRecord, entry: NightEntryRecord, runs: readonly RunRecord[]): Suite {
  const record = runs.find(({ id }) => id === entry.run);
  if (record === undefined) {
    const cases: TestCase[] = [
      { name: 'verdict', outcome: 'error', type: entry.verdict, message: entry.reason, detail: [], seconds: 0 },
    ];
    return { name: entry.name, cases, properties: [['night', night.id]], seconds: 0, startedAt: night.startedAt };
  }
  const suite = suiteOf(record);
  const excused = (one: TestCase): TestCase => ({ ...one, outcome: 'skipped', type: `known ${one.type}` });
  return {
    ...suite,
    name: entry.name,
    cases: entry.known ? suite.cases.map((one) => (one.outcome === 'failure' ? excused(one) : one)) : suite.cases,
    properties: [['night', night.id], ...suite.properties],
  };
}
