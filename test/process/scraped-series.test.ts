import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.js';
import { freePort } from '../../harness/target/free-port.js';
import { plateau } from '../support/cli.js';
import { installed } from '../support/installed.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const scenario = fileURLToPath(new URL('../fixtures/series/scraped.scenario.mjs', import.meta.url));
const metric = 'process_resident_memory_bytes';

/** A Prometheus that scrapes a port five times a second, once it is at work. */
async function prometheusOf(port: number, directory: string): Promise<string> {
  const own = await freePort();
  const configuration = join(directory, 'prometheus.yml');
  writeFileSync(
    configuration,
    `global: {scrape_interval: 200ms, scrape_timeout: 200ms}\nscrape_configs: [{job_name: scraped, static_configs: [{targets: ['127.0.0.1:${port}']}]}]\n`,
  );
  const given = [`--config.file=${configuration}`, `--storage.tsdb.path=${join(directory, 'data')}`];
  const prometheus = spawn('prometheus', [...given, `--web.listen-address=127.0.0.1:${own}`], { stdio: 'ignore' });
  onTestFinished(async () => {
    prometheus.kill('SIGKILL');
    await once(prometheus, 'exit');
  });
  const url = `http://127.0.0.1:${own}/api/v1`;
  const targets = async () => (await fetch(`${url}/targets`)).text();
  await expect.poll(() => targets().catch(() => ''), { timeout: 60_000 }).toContain('"health":"down"');
  return url;
}

test.for([
  { leak: '1', verdict: 'leak', ranges: ['leak'] },
  // Resident memory of a service in its first minute still creeps now and then, so that a range may leave it open.
  { leak: '0', verdict: 'plateau', ranges: ['plateau', 'inconclusive'] },
])(
  'a range query of a Prometheus that scraped a soaked target agrees with the verdict of its run: $verdict',
  async ({ leak, verdict, ranges }, { skip }) => {
    skip(!installed('prometheus'), 'prometheus is not installed: apt-get install prometheus');
    const directory = temporaryDirectory();
    const port = await freePort();
    const url = await prometheusOf(port, directory);
    const environment = { LEAK: leak, SCRAPED_PORT: String(port) };
    const given = ['run', scenario, '--drive', '40s', '--rate', '300', '--attribution', 'off', '--json'];
    const soaked = await plateau(given, { directory, environment });
    expect(soaked.stderr).not.toContain('PLATEAU_');
    const run = JSON.parse(soaked.stdout) as RunRecord;
    expect(run.verdict).toBe(verdict);
    // Without its warm-up and its rest: what somebody looks at who knows when the load ran.
    const startedAt = Date.parse(run.startedAt) / 1000;
    const range = { start: startedAt + 12, end: startedAt + 42, step: 0.2 };
    const query = `query=${encodeURIComponent(`{__name__=~"${metric}|process_start_time_seconds"}`)}`;
    const answer = await fetch(`${url}/query_range?${query}&start=${range.start}&end=${range.end}&step=${range.step}`);
    writeFileSync(join(directory, 'range.json'), await answer.text());
    const { stdout, stderr } = await plateau(['analyse', 'range.json', '--json'], { directory });
    expect(stderr).toBe('');
    const record = JSON.parse(stdout) as RunRecord;
    expect(record.findings.map((finding) => finding.metric)).toEqual([metric]);
    expect(ranges, record.reason).toContain(record.verdict);
  },
);
