import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyse, defineScenario, loadRun, loadScenario, type RunRecord } from 'plateau';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../harness/target/free-port.js';
import { fixture, processesOf, soak } from '../support/run-fixture.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const finding = (record: RunRecord, metric: string) => record.findings.find((candidate) => candidate.metric === metric);

describe('a function module', () => {
  it('that keeps what it destroys leaks, by the entry and by the byte', async () => {
    const record = await soak(fixture('leaking-functions.mjs'));
    expect(record).toMatchObject({ verdict: 'leak', exitCode: 1, scenario: 'leaking-functions' });
    expect(finding(record, 'gauge.sessions')).toMatchObject({ verdict: 'leak', shape: 'linear' });
    expect(finding(record, 'gauge.sessions')!.slope.estimate).toBeCloseTo(1, 2);
    expect(finding(record, 'heapUsed')).toMatchObject({ verdict: 'leak' });
    expect(record.counts.created).toBe(record.counts.destroyed);
    expect(record.audit.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('that lets go levels off; judging the stored run again gives the same record', async () => {
    const record = await soak(fixture('sound-functions.mjs'));
    expect(record).toMatchObject({ verdict: 'plateau', exitCode: 0 });
    const { outDirectory, ...written } = record;
    expect(analyse(await loadRun('latest', { outDirectory }))).toEqual(written);
    expect(processesOf(record.id)).toEqual([]);
  });

  it('that is given few rounds has its objects counted in some of them', async () => {
    const record = await soak(fixture('rare-objects.mjs'), { rounds: 30 });
    expect(record.counts.rounds).toBe(30);
    expect(finding(record, 'heapUsed')).toMatchObject({ verdict: 'plateau' });
    expect(finding(record, 'objects')!.slope.estimate).toBeCloseTo(0.1, 2);
    expect(record.verdict).not.toBe('plateau');
  });

  it('that keeps entries for a time levels off: at rest they go', async () => {
    // It took 41 s beside other work: the limit must not decide.
    const record = await soak(fixture('short-lived-entries.mjs'), { durationMs: 120_000 });
    expect(record).toMatchObject({ verdict: 'plateau', exitCode: 0 });
  });

  it('that keeps the same entries for good leaks, however long it rests', async () => {
    process.env.KEEP = 'all';
    try {
      const record = await soak(fixture('short-lived-entries.mjs'));
      expect(record).toMatchObject({ verdict: 'leak', exitCode: 1 });
      // Which of them shows depends on the speed: the timers among the objects come and go, the entries stay.
      const leaking = record.findings.filter(({ verdict }) => verdict === 'leak').map(({ metric }) => metric);
      expect(leaking).toContainEqual(expect.stringMatching(/^(heapUsed|objects)/));
    } finally {
      delete process.env.KEEP;
    }
  });

  it('that ends its process is a crash with its last words', async () => {
    const record = await soak(fixture('crashing-functions.mjs'));
    expect(record).toMatchObject({ verdict: 'crashed', exitCode: 4 });
    expect(record.reason).toContain('exit code 7');
    expect(record.targetOutput?.lastLines.join('\n')).toContain('out of patience');
  });

  it('is refused when it exports nothing that can be driven, and leaves no run', async () => {
    const outDirectory = temporaryDirectory();
    await expect(soak(fixture('session-server.ts'), { outDirectory })).rejects.toMatchObject({
      code: 'PLATEAU_INVALID_SCENARIO',
    });
    const runs = join(outDirectory, 'runs');
    expect(existsSync(runs) ? readdirSync(runs) : []).toEqual([]);
  });

  it('is refused with the name that its only function needs', async () => {
    const file = join(temporaryDirectory(), 'cycle.mjs');
    writeFileSync(file, 'export default function cycle() {}\n');
    await expect(soak(file)).rejects.toThrow('export it as `iterate`');
  });
});

it('a target that dies while it is asked how it does is a crash, and no fault of plateau', async () => {
  const record = await soak(fixture('dying.scenario.mjs'));
  expect(record).toMatchObject({ verdict: 'crashed', exitCode: 4 });
  expect(record.reason).toContain('exit code 9');
});

describe('a scenario in TypeScript with a target in TypeScript, nothing of plateau beside them', () => {
  async function loaded() {
    const directory = temporaryDirectory();
    for (const name of ['sessions.scenario.ts', 'session-server.ts'])
      copyFileSync(fixture(name), join(directory, name));
    return loadScenario(join(directory, 'sessions.scenario.ts'));
  }

  it('finds the planted leak in the gauge', async () => {
    const record = await soak(await loaded(), { defects: ['keep'] });
    expect(record).toMatchObject({ verdict: 'leak', defects: ['keep'] });
    expect(finding(record, 'gauge.sessions')).toMatchObject({ verdict: 'leak', operation: 'session' });
    expect(record.rerun).toContain('--defect keep --duration 40s --attribution off --seed 41');
  });

  it('passes the sound twin', async () => {
    expect(await soak(await loaded())).toMatchObject({ verdict: 'plateau' });
  });

  it('refuses a defect that it does not declare before anything is started', async () => {
    await expect(soak(await loaded(), { defects: ['kept'] })).rejects.toThrow(
      'has no defect kept: expected one of keep',
    );
  });
});

it('a client that is kept at module level misses the second target, and the record says so', async () => {
  const record = await soak(fixture('module-client.scenario.mjs'), { durationMs: 90_000, attribution: 'on-leak' });
  expect(record).toMatchObject({ verdict: 'leak' });
  expect(record.warnings.join('\n')).toContain('its cycles did not reach it');
});

it('a client of the operation reaches it', async () => {
  const record = await soak(fixture('sessions.scenario.ts'), {
    durationMs: 90_000,
    attribution: 'on-leak',
    defects: ['keep'],
  });
  expect(record).toMatchObject({ verdict: 'leak' });
  expect(record.warnings.join('\n')).not.toContain('did not reach it');
});

describe('a command in another language', () => {
  const python = (keep: boolean, port?: number) =>
    defineScenario({
      name: 'python',
      target: {
        command: ['python3', fixture('python-server.py'), `${port ?? '{port}'}`, ...(keep ? ['--keep'] : [])],
        ...(port !== undefined && { ready: { port } }),
      },
      operations: {
        session: {
          create: ({ target }) => target.http.post('/'),
          destroy: (_answer, { target }) => target.http.delete('/'),
        },
      },
    });

  it('is no Node process: descriptors that stay open, and what they hold', async () => {
    const record = await soak(python(true));
    expect(record).toMatchObject({ verdict: 'leak' });
    expect(finding(record, 'fds')).toMatchObject({ verdict: 'leak' });
    expect(finding(record, 'fds')!.slope.estimate).toBeCloseTo(1, 1);
    expect(finding(record, 'external')).toBeUndefined();
  });

  it('is interrupted while its cause is looked for: so is the run, and its record shows the leak without a cause', async () => {
    const abort = new AbortController();
    // At a port of its own no second one runs beside it: the cause is looked for once it has ended.
    const record = await soak(python(true, await freePort()), {
      attribution: 'on-leak',
      signal: abort.signal,
      listener: { onProgress: ({ stage }) => stage === 'attributing' && abort.abort() },
    });
    expect(record).toMatchObject({ verdict: 'interrupted', exitCode: 130, suspects: [] });
    expect(finding(record, 'fds')).toMatchObject({ verdict: 'leak' });
    expect(record.warnings).toContain(
      'plateau was interrupted before the cause was found; run again to the end to see it',
    );
    expect(processesOf(record.id)).toEqual([]);
  });

  it('a sound one keeps its descriptors', async () => {
    // On a busy machine the first floors of Python alone take several seconds.
    const record = await soak(python(false), { durationMs: 30_000 });
    expect(record.verdict).not.toBe('leak');
    expect(finding(record, 'fds')).toMatchObject({ verdict: 'plateau' });
  });
});
