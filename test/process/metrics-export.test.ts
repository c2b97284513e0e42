import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../harness/target/free-port.js';
import { cliEnvironment, fixture, mainFile, plateau } from '../support/cli.js';
import { installed } from '../support/installed.js';
import { functionModule, tinyRun, writeConfiguration } from '../support/night-commands.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const soak = (out: string) => ['run', fixture('leak.mjs'), '--attribution', 'off', '--seed', '1', '--out', out];

function servedSoak(port = 0) {
  return served([...soak(join(temporaryDirectory(), 'out')), '--metrics-port', String(port)]);
}

/** Starts a command that serves metrics, and waits until it says where. */
async function served(given: readonly string[], directory = temporaryDirectory()) {
  const child = spawn(process.execPath, [mainFile, ...given], {
    cwd: directory,
    env: cliEnvironment({}),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stderr })) {
    const url = /^Metrics at (\S+)$/.exec(line)?.[1];
    if (url !== undefined) {
      child.stderr.resume();
      return { url, exited };
    }
  }
  throw new Error('the command ended without serving metrics');
}

describe('plateau run --metrics-port', () => {
  it('shows whoever scrapes what the run does, and its verdict before it goes', async () => {
    const { url, exited } = await servedSoak();
    const scrape = async (accept: string) => {
      const answer = await fetch(url, { headers: { accept } });
      return { type: answer.headers.get('content-type'), text: await answer.text() };
    };
    await expect
      .poll(async () => (await scrape('application/openmetrics-text')).text)
      .toMatch(/plateau_floor\{.*heapUsed/);
    expect((await scrape('application/openmetrics-text')).type).toMatch(/^application\/openmetrics-text; version=1/);
    expect((await scrape('text/plain')).type).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect((await fetch(new URL('/', url))).status).toBe(404);
    await expect
      .poll(async () => (await scrape('application/openmetrics-text')).text, { timeout: 60_000 })
      .toContain('plateau_verdict{scenario="leak",verdict="leak"} 1');
    await expect(exited).resolves.toEqual([1, null]);
  });

  it('ends with 3 when the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const result = await plateau([...soak(temporaryDirectory()), '--metrics-port', String(port)]);
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain(`--metrics-port: expected a free port of 127.0.0.1, got ${port} (EADDRINUSE)`);
  });

  it.skipIf(!installed('promtool'))('is clean for promtool', async () => {
    const { url } = await servedSoak();
    let text = '';
    const scrape = async () => {
      text = await (await fetch(url, { headers: { accept: 'text/plain' } })).text();
      return text;
    };
    await expect.poll(scrape, { timeout: 60_000 }).toContain('plateau_verdict');
    expect(execFileSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })).toBe('');
  });

  it.skipIf(!installed('prometheus'))('is scraped by a real Prometheus, as OpenMetrics', async () => {
    const directory = temporaryDirectory();
    const [metricsPort, prometheusPort] = [await freePort(), await freePort()];
    writeFileSync(
      join(directory, 'prometheus.yml'),
      `global: {scrape_interval: 500ms}\nscrape_configs: [{job_name: plateau, static_configs: [{targets: ['127.0.0.1:${metricsPort}']}]}]\n`,
    );
    const prometheus = spawn(
      'prometheus',
      [
        `--config.file=${join(directory, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(directory, 'data')}`,
        `--web.listen-address=127.0.0.1:${prometheusPort}`,
      ],
      { stdio: 'ignore' },
    );
    onTestFinished(async () => {
      prometheus.kill('SIGKILL');
      await once(prometheus, 'exit');
    });
    // It looks at its targets some seconds after its start; `down`: it scrapes, and nobody is there yet.
    const targets = async () => (await fetch(`http://127.0.0.1:${prometheusPort}/api/v1/targets`)).text();
    await expect.poll(() => targets().catch(() => ''), { timeout: 60_000 }).toContain('"health":"down"');
    const { exited } = await servedSoak(metricsPort);
    await exited;
    const query = encodeURIComponent('last_over_time(plateau_verdict[10m]) == 1');
    const answer = async () =>
      (await (await fetch(`http://127.0.0.1:${prometheusPort}/api/v1/query?query=${query}`)).json()) as QueryAnswer;
    await expect
      .poll(async () => (await answer()).data.result.map(({ metric }) => metric.verdict), { timeout: 30_000 })
      .toEqual(['leak']);
  });
});

describe('plateau nightly --metrics-port', () => {
  it('shows of each scenario while it runs, and its verdict', async () => {
    const directory = temporaryDirectory();
    const small = { ...tinyRun, rounds: 40 };
    writeConfiguration(directory, {
      scenarios: [
        { scenario: functionModule('leaking'), name: 'first', variants: { small } },
        { scenario: functionModule('sound'), name: 'second', variants: { small } },
      ],
      nightly: { time: '2m', minimum: '1s', targetsAtOnce: 1 },
      canaries: false,
    });
    const { url, exited } = await served(['nightly', '--metrics-port', '0'], directory);
    const scrape = async () => (await fetch(url, { headers: { accept: 'text/plain' } })).text();
    for (const scenario of ['first', 'second']) {
      await expect
        .poll(scrape, { timeout: 60_000, interval: 20 })
        .toMatch(new RegExp(`plateau_floor\\{[^}]*scenario="${scenario}"[^}]*variant="small"`));
      await expect
        .poll(scrape, { timeout: 60_000, interval: 20 })
        .toMatch(new RegExp(`plateau_verdict\\{[^}]*scenario="${scenario}"[^}]*\\} 1`));
    }
    // Whoever scrapes is waited for, and sees the verdict once more.
    const gone = () => scrape().catch(() => 'gone');
    await expect.poll(gone, { timeout: 60_000, interval: 100 }).toBe('gone');
    await exited;
  });
});

interface QueryAnswer {
  readonly data: { readonly result: readonly { readonly metric: Readonly<Record<string, string>> }[] };
}

interface OtlpRequest {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly { readonly key: string; readonly value: unknown }[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly { readonly name: string }[] }[];
  }[];
}

describe('plateau run --otlp', () => {
  it('sends what a real receiver understands, the verdict last', async () => {
    const requests: { path: string | undefined; body: OtlpRequest }[] = [];
    const receiver = createServer(async (request: IncomingMessage, response) => {
      requests.push({ path: request.url, body: (await json(request)) as OtlpRequest });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void receiver.close());
    await once(receiver, 'listening');
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    const result = await plateau([...soak(join(temporaryDirectory(), 'out')), '--quiet', '--otlp', url]);
    expect(result.exitCode).toBe(1);
    const last = requests.at(-1)!;
    expect(last.path).toBe('/v1/metrics');
    const [resource] = last.body.resourceMetrics;
    expect(resource!.resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'plateau' } });
    const metrics = resource!.scopeMetrics.flatMap(({ metrics: all }) => all);
    expect(metrics.find(({ name }) => name === 'plateau_cycles')).toMatchObject({ sum: { isMonotonic: true } });
    expect(metrics.find(({ name }) => name === 'plateau_verdict')).toMatchObject({
      gauge: {
        dataPoints: expect.arrayContaining([
          expect.objectContaining({
            asDouble: 1,
            attributes: expect.arrayContaining([{ key: 'verdict', value: { stringValue: 'leak' } }]),
          }),
        ]),
      },
    });
  });

  it('judges as ever when nobody receives, and says so', async () => {
    const port = await freePort();
    const given = [...soak(join(temporaryDirectory(), 'out')), '--quiet', '--otlp', `http://127.0.0.1:${port}`];
    const result = await plateau(given);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('Metrics could not be sent');
  });
});
