import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import {
  githubAnnotations,
  nightCsvReport,
  nightJunitReport,
  nightMarkdownReport,
  nightMessage,
  nightPlanText,
  nightReport,
} from '../../../reporters/index.js';
import { allNights, leakNight, nastyNight, nightRuns, quietNight, voidNight } from '../../support/night-records.js';

const nights = Object.entries(allNights);
const directory = '/srv/app';

describe('a night on the terminal', () => {
  it.each(nights)('%s: what changed first, within 80 and 40 columns', async (name, night) => {
    const shown = nightReport(night, { width: 80, directory, reportPath: '.plateau/history.html' });
    await expect(shown).toMatchFileSnapshot(`golden/night-terminal-${name}-80.txt`);
    for (const width of [80, 40]) {
      const lines = nightReport(night, { width, directory }).split('\n');
      // Paths and commands are whole, so that they can be copied.
      expect(lines.filter((line) => line.length > width && !/rerun|plateau run|report|\.ts:/.test(line))).toEqual([]);
    }
  });

  it('says what would be run, and when', () => {
    const plan = {
      ...leakNight,
      fingerprint: '',
      targetsAtOnce: 1,
      canaries: 1,
      minMs: 240_000,
      entries: [
        { name: 'uploads', scenario: 'uploads', defects: [], minimumMs: 120_000, startsAfterMs: 0 },
        {
          name: 'sessions@wide',
          scenario: 'sessions',
          variant: 'wide',
          defects: [],
          minimumMs: 120_000,
          startsAfterMs: 120_000,
        },
      ],
    };
    expect(nightPlanText(plan, { width: 80 })).toMatchInlineSnapshot(`
      "plan  2 scenarios in 2h, one target at a time

        canaries       2 runs, first
        uploads        at least 2m     at once
        sessions@wide  at least 2m    after 2m

        minimums take 4m at most; the other 1h 56m, and what is decided sooner, goes
        to what is undecided
      "
    `);
  });
});

describe('a night as Markdown', () => {
  it.each(nights)('%s', async (name, night) => {
    await expect(nightMarkdownReport(night, { directory })).toMatchFileSnapshot(`golden/night-markdown-${name}.md.txt`);
  });
});

describe('a night as JUnit XML', () => {
  const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;
  const schema = fileURLToPath(new URL('../../fixtures/junit.xsd', import.meta.url));

  it.skipIf(!hasXmllint)('is valid for every night (needs xmllint)', () => {
    for (const [, night] of nights) {
      const input = nightJunitReport(night, nightRuns);
      const { stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, '-'], { input, encoding: 'utf8' });
      expect(stderr).toBe('- validates\n');
    }
  });

  it('fails for a leak, skips what is known, and has an error for what could not be run', () => {
    const suites = nightJunitReport(leakNight, nightRuns)
      .split('<testsuite ')
      .slice(2)
      .map((suite) => /name="([^"]*)" tests="\d+" failures="(\d+)" errors="(\d+)"/.exec(suite)?.slice(1));
    expect(suites).toEqual([
      ['branch-store/branches + commit-locks', '3', '0'],
      ['uploads', '0', '0'],
      ['upload', '0', '2'],
      ['sessions@wide', '0', '0'],
      ['broken', '0', '1'],
    ]);
    expect(nightJunitReport(voidNight, [])).toMatch(
      /<testsuite id="0" name="canaries" tests="1" failures="0" errors="1"/,
    );
  });
});

describe('a night on GitHub', () => {
  it('is annotated at the lines of its suspects', () => {
    expect(githubAnnotations(leakNight, directory)).toMatchInlineSnapshot(`
      "::error file=src/store/commit-locks.ts,line=41,title=plateau%3A new in branch-store/branches + commit-locks::branch-store/branches (commit-locks) leaks gauge.commitLocks by 1 entries a cycle, new with 3799af3 (sound at 0b1c2d3) Suspect: \`CommitLock\` kept for every branch that ever was
      ::notice title=plateau%3A fixed in uploads::uploads is sound again
      "
    `);
    expect(githubAnnotations(voidNight, directory)).toMatchInlineSnapshot(`
      "::error title=plateau%3A void::The night is void: canary kept-sessions: expected to leak gauge.endedSessions, got plateau
      "
    `);
    expect(githubAnnotations(quietNight, directory)).toBe('');
  });

  it('has no file where the suspect is outside of the workspace', () => {
    expect(githubAnnotations(leakNight, '/elsewhere')).not.toContain('file=');
  });

  it('runs no command that a target wrote', () => {
    const annotations = githubAnnotations(nastyNight, directory);
    expect(annotations.match(/^::/gm)).toHaveLength(1);
    expect(annotations.trimEnd()).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
    expect(annotations).not.toContain('%0A');
  });
});

it('a night as CSV is read back by any reader, and is no formula', () => {
  const { data, errors } = Papa.parse<Record<string, string>>(nightCsvReport(leakNight), {
    header: true,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  expect(data.map(({ scenario, variant, verdict, known, line }) => [scenario, variant, verdict, known, line])).toEqual([
    ['branch-store/branches', 'commit-locks', 'leak', 'false', '41'],
    ['uploads', '', 'plateau', 'false', ''],
    ['upload', '', 'inconclusive', 'false', ''],
    ['sessions', 'wide', 'leak', 'true', ''],
    ['broken', '', 'crashed', 'false', ''],
  ]);
  const nasty = Papa.parse<Record<string, string>>(nightCsvReport(nastyNight), { header: true, skipEmptyLines: true });
  expect(nasty.data[1]?.scenario).toBe("'=cmd()");
});

it('a message says the gravest first, and everything in fields', () => {
  expect(nightMessage(leakNight)).toMatchObject({
    kind: 'plateau.night',
    text: `plateau night: ${leakNight.news[0]?.message} (and 1 more)`,
    night: { id: leakNight.id, verdict: 'crashed', exitCode: 4, gitCommit: '3799af3' },
    news: leakNight.news,
    entries: leakNight.entries,
  });
  expect(nightMessage(quietNight).text).toBe('plateau night: nothing new (1 scenario: 1 plateau)');
});
