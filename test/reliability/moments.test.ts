import { once } from 'node:events';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.js';
import { leakingOrSound, row, runsOf, type World } from './campaign.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const;

row({
  name: 'plateau is ended by a signal that it can catch, at a random moment of a run',
  expected: 'exit 130; what was sampled is judged, and nothing is left',
  async trial(world) {
    const { path, leaks } = leakingOrSound(world);
    // A sound run ends as soon as it is decided, which may be before the signal.
    const child = world.start(['run', path, '--quiet', '--json', ...(leaks ? [] : ['--no-until-decided'])]);
    const closed = once(child, 'close');
    const said = text(child.stdout!);
    child.stderr!.resume();
    await wait(300 + world.random() * (leaks ? 6_000 : 8_000));
    if (child.exitCode !== null) throw new Error(`expected a run under way, got exit code ${child.exitCode}`);
    child.kill(signals[world.attempt % signals.length]);
    await closed;
    expect(child.exitCode).toBe(130);
    const [run] = runsOf(world.directory);
    // Before the first cycle there is nothing to judge.
    if (run === undefined) return;
    const record = JSON.parse(await said) as RunRecord;
    expect(record.verdict).not.toBe('plateau');
    const judged = await world.plateau(['analyse', run, '--json']);
    expect((JSON.parse(judged.stdout) as RunRecord).verdict).toBe(record.verdict);
  },
});

row({
  name: 'the output directory is removed, or renamed, in mid-run',
  expected: 'exit 4, PLATEAU_STORE, before the run would have ended; what was renamed is judged where it lies',
  async trial(world) {
    const { path } = leakingOrSound(world);
    const isRemoved = world.attempt % 4 < 2;
    const child = world.start(['run', path, '--no-until-decided', '--duration', '5m']);
    const closed = once(child, 'close');
    const problem = text(child.stderr!);
    child.stdout!.resume();
    await wait(2_000 + world.random() * 4_000);
    const [run] = runsOf(world.directory);
    if (isRemoved) rmSync(join(world.directory, '.plateau'), { recursive: true });
    else renameSync(join(world.directory, '.plateau'), join(world.directory, 'moved'));
    await closed;
    expect([child.exitCode, await problem]).toEqual([
      4,
      expect.stringMatching(/removed or renamed[\s\S]*PLATEAU_STORE/),
    ]);
    if (isRemoved) return;
    const { stdout } = await world.plateau(['analyse', run!, '--json', '--out', 'moved']);
    expect((JSON.parse(stdout) as RunRecord).counts.cycles).toBeGreaterThan(0);
  },
});

/** A server in Python that does as it is asked before it listens. */
function server(world: World, first: string, { host = '127.0.0.1', port = 'int(sys.argv[1])' } = {}): string {
  const family = host.includes(':') ? 'AF_INET6' : 'AF_INET';
  return world.file(
    'server.py',
    `import http.server, os, signal, socket, subprocess, sys
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
    def log_message(self, *_):
        pass
${first}
class Server(http.server.ThreadingHTTPServer):
    address_family = socket.${family}
Server(("${host}", ${port}), Handler).serve_forever()
`,
  );
}

const asked = (file: string) => [
  'http',
  '--start',
  `python3 ${file} {port}`,
  '/',
  '--quiet',
  '--json',
  '--duration',
  '15s',
];

async function soaked(world: World, file: string) {
  const { stdout, exitCode } = await world.plateau(asked(file));
  return { record: JSON.parse(stdout) as RunRecord, exitCode };
}

row({
  name: 'the target goes on in the background, and its first process ends',
  expected: '`crashed`, exit 4, with the advice to stay in the foreground; the background is ended',
  share: 0.5,
  async trial(world) {
    const leavesSession = world.attempt % 2 === 0;
    const { record, exitCode } = await soaked(
      world,
      server(world, `if os.fork(): sys.exit(0)\n${leavesSession ? 'os.setsid()' : ''}`),
    );
    expect([record.verdict, exitCode]).toEqual(['crashed', 4]);
    expect(record.hint).toMatch(/stays in the foreground/);
  },
});

row({
  name: 'the target ignores SIGTERM, or has children in sessions of their own',
  expected: 'the verdict of any other run, and nothing is left',
  share: 0.5,
  async trial(world) {
    const first =
      world.attempt % 2 === 0
        ? 'for name in ("SIGTERM", "SIGINT", "SIGHUP"): signal.signal(getattr(signal, name), signal.SIG_IGN)'
        : 'for _ in range(3): subprocess.Popen(["sleep", "1000"], start_new_session=True)';
    const { record } = await soaked(world, server(world, first));
    expect(['plateau', 'inconclusive']).toContain(record.verdict);
  },
});

row({
  name: 'the target listens on IPv6 alone, or on another port',
  expected: 'it is asked on IPv6; exit 4 with the address where it listens instead',
  share: 0.4,
  async trial(world) {
    const isElsewhere = world.attempt % 2 === 0;
    const where = isElsewhere ? { port: '0' } : { host: '::1' };
    const { record, exitCode } = await soaked(world, server(world, '', where));
    if (isElsewhere) {
      expect([record.verdict, exitCode]).toEqual(['crashed', 4]);
      expect(record.reason).toMatch(/got a process of it that listens at http:\/\/127\.0\.0\.1:\d+/);
    } else expect(['plateau', 'inconclusive']).toContain(record.verdict);
  },
});

row({
  name: 'plateau is stopped for 20 seconds at a random moment, and goes on',
  expected: 'the verdict of any other run',
  share: 0.2,
  async trial(world) {
    const { path, leaks } = leakingOrSound(world);
    const child = world.start(['run', path, '--quiet', '--json', '--attribution', 'off']);
    const closed = once(child, 'close');
    const said = text(child.stdout!);
    child.stderr!.resume();
    await wait(1_500 + world.random() * 5_000);
    child.kill('SIGSTOP');
    await wait(20_000);
    child.kill('SIGCONT');
    await closed;
    const record = JSON.parse(await said) as RunRecord;
    expect(record.verdict).toBe(leaks ? 'leak' : 'plateau');
  },
});
