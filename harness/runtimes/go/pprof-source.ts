import http from 'node:http';
import { answerTimeoutMs, type ProfileName, type ProfileOptions, type ProfileSource } from './profile-source.js';
import { parseHeapProfile } from './profile-text.js';

/** Long enough for a service that starts up under load, short enough to try a few addresses. */
const probeTimeoutMs = 3_000;

/** The handlers of `net/http/pprof`, over one connection: each has goroutines in the target, so their number must not vary. */
export class PprofSource implements ProfileSource {
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  private constructor(private readonly url: string) {}

  /** The first address that answers with a heap profile. */
  static async find(urls: readonly string[]): Promise<PprofSource | undefined> {
    for (const url of urls) {
      const source = new PprofSource(url);
      const text = await source.get('heap?debug=1', probeTimeoutMs).catch(() => undefined);
      if (text !== undefined && parseHeapProfile(text) !== undefined) return source;
      source.close();
    }
    return undefined;
  }

  read(name: ProfileName, { debug, collect }: ProfileOptions): Promise<string | undefined> {
    return this.get(`${name}?debug=${debug}${collect === true ? '&gc=1' : ''}`, answerTimeoutMs);
  }

  close(): void {
    this.agent.destroy();
  }

  /** @returns undefined for an answer other than 200 */
  private get(path: string, timeoutMs: number): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const request = http.get(`${this.url}/debug/pprof/${path}`, { agent: this.agent, signal }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve(response.statusCode === 200 ? Buffer.concat(chunks).toString() : undefined));
      });
      request.on('error', reject);
    });
  }
}
