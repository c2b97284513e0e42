import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGoBuildInfo } from '../../harness/runtimes/go/build-info.js';
import { go } from '../../harness/runtimes/go/go.js';
import { readProcessFacts } from '../../harness/runtimes/process-facts.js';
import { directory } from '../fixtures/runtimes/go/cases.js';
import { lineOf } from '../fixtures/runtimes/sessions.js';
import { hasCommand } from '../support/managed-judgement.js';
import { startManaged } from '../support/managed-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const source = join(directory, 'service.go');

/** A service that serves its profiles at a port of its own, as many do. */
const exposed = `package main

import (
	"fmt"
	"net"
	"net/http"
	_ "net/http/pprof"
)

var never = make(chan int)

func watch() {
	go func() { // leak
		<-never
	}()
}

func main() {
	profiles, _ := net.Listen("tcp", "127.0.0.1:0")
	go http.Serve(profiles, nil)
	service := http.NewServeMux()
	service.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			watch()
		}
		fmt.Fprint(w, "id")
	})
	listener, _ := net.Listen("tcp", "127.0.0.1:0")
	fmt.Println("listening at", listener.Addr())
	http.Serve(listener, service)
}
`;

describe.runIf(hasCommand('go'))('the inside view of a Go process', () => {
  it('counts goroutines exactly, and writes nothing beside the source', async () => {
    const before = readdirSync(directory);
    const target = await startManaged({
      runtime: go,
      command: ['go', 'run', './service.go'],
      directory,
      environment: { MODE: 'goroutine' },
      purpose: 'measure',
    });
    const connection = await target.connect();
    await target.drive(20);
    const first = await connection.floor();
    await target.drive(100);
    const second = await connection.floor();
    await connection.close();
    expect(second.goroutines! - first.goroutines!).toBe(100);
    expect((second.heapUsed! - first.heapUsed!) / 100).toBeGreaterThan(480);
    expect(readdirSync(directory)).toEqual(before);
  });

  it('records each allocation in the cause pass, with the line that made it', async () => {
    const target = await startManaged({
      runtime: go,
      command: ['go', 'run', '.'],
      directory: packageOf(readFileSync(source, 'utf8')),
      environment: { MODE: 'slice' },
      purpose: 'cause',
    });
    const connection = await target.connect();
    await target.drive(50);
    const reading = await connection.evidence!({ isLast: true });
    const line = lineOf(source, 'leak: slice');
    const sites = reading.sites.filter(
      ({ kind, stack: [place] }) => kind !== 'thread' && place?.isOwn && place.line === line,
    );
    const count = sites.reduce((sum, site) => sum + site.count, 0);
    // With the arrays that the slice has grown to and not been collected from.
    expect(count).toBeGreaterThanOrEqual(50);
    expect(count).toBeLessThanOrEqual(55);
    expect(sites[0]?.stack[0]?.function).toBe('main.appendAudit');
    expect(reading.warnings).toEqual([]);
  });

  it('keeps entries of a map and its tables apart, which come at one line', async () => {
    const target = await startManaged({
      runtime: go,
      command: ['go', 'run', './service.go'],
      directory,
      environment: { MODE: 'table' },
      purpose: 'cause',
    });
    const connection = await target.connect();
    await target.drive(1_000);
    const { sites } = await connection.evidence!({ isLast: true });
    await connection.close();
    const line = lineOf(source, 'leak: table');
    const made = sites.filter(({ stack: [place] }) => place?.isOwn && place.line === line);
    expect(made.filter(({ isRoom }) => isRoom).reduce((sum, { live }) => sum + live.heapUsed!, 0)).toBeGreaterThan(
      1_000 * 48,
    );
    expect(made.filter(({ isRoom }) => !isRoom).map(({ count }) => count)).toEqual([1_000]);
  });

  it('reads the profiles that a running service exposes, at whichever of its ports', async () => {
    const built = packageOf(exposed);
    const program = join(built, 'service');
    execFileSync('go', ['build', '-o', program, '.'], { cwd: built });
    const target = await startManaged({ runtime: go, command: [program], directory: built });
    const connection = await target.connect();
    // The connection of the client has goroutines too.
    await target.drive(1);
    const first = await connection.floor();
    await target.drive(10);
    const second = await connection.floor();
    expect(second.goroutines! - first.goroutines!).toBe(10);
    const { sites, warnings } = await connection.evidence!({ isLast: true });
    await connection.close();
    const watching = sites.find(({ what }) => what.includes('chan receive'));
    expect(watching).toMatchObject({ count: 11, live: { goroutines: 11 } });
    expect(watching?.stack[0]).toMatchObject({ line: 13, function: 'main.watch', isOwn: true });
    expect(warnings).toEqual([expect.stringContaining('one allocation in 512 KiB')]);
  });

  it('says what to do where a service exposes none', async () => {
    const built = packageOf(readFileSync(source, 'utf8'));
    const program = join(built, 'service');
    execFileSync('go', ['build', '-ldflags', '-s -w', '-o', program, '.'], { cwd: built });
    const target = await startManaged({ runtime: go, command: [program], directory: built });
    expect(go.detect(readProcessFacts(target.pid))).toBe(true);
    expect(readGoBuildInfo(program)).toMatchObject({ module: 'example.com/service' });
    await expect(target.connect()).rejects.toMatchObject({
      code: 'PLATEAU_NO_INSIDE_VIEW',
      hint: expect.stringContaining('net/http/pprof'),
    });
  });

  it('shows what the compiler said of a service that does not build', async () => {
    const broken = packageOf('package main\n\nfunc main() { undefined() }\n');
    const launch = { file: 'go', arguments: ['run', '.'], workingDirectory: broken, environment: process.env };
    await expect(go.prepare!({ ...launch, purpose: 'measure', directory: temporaryDirectory() })).rejects.toMatchObject(
      { code: 'PLATEAU_BUILD', message: expect.stringContaining('main.go:3') },
    );
  });

  it('does not take other programs for Go', () => {
    expect(go.detect(readProcessFacts(process.pid))).toBe(false);
  });
});

function packageOf(code: string): string {
  const built = temporaryDirectory();
  writeFileSync(join(built, 'go.mod'), 'module example.com/service\n\ngo 1.18\n');
  writeFileSync(join(built, 'main.go'), code);
  return built;
}
