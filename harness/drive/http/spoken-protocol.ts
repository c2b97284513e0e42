import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { hostOf, portOf } from '../../model/address.js';
import { PlateauError } from '../../model/errors.js';
import type { HttpSettings } from '../../model/http.js';
import { tlsOptions } from './tls-options.js';

const answerMs = 2_000;
/** What opens a connection over HTTP/2: the preface, and settings of which there are none (RFC 9113, 3.4). */
const http2Preface = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const settingsFrame = 4;

const givenCure = 'give the certificate that signed it: `http: { ca }` in the scenario, --ca <file> of `plateau http`';
/** Of certificates that are not trusted whoever signed them, by the code of the error. */
const cures: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'give the target a certificate of the name or address at which it is asked',
  CERT_HAS_EXPIRED: 'give the target a certificate that is valid today',
  CERT_NOT_YET_VALID: 'give the target a certificate that is valid today',
};

/**
 * Whether the target speaks what its address and the scenario say, before any request is made. Over HTTP/1.1 in the clear
 * nothing is asked: whether that is spoken shows by the answers.
 * @throws {PlateauError} `PLATEAU_INVALID_SCENARIO` with what it speaks, or what is wrong with its certificate
 */
export async function checkProtocol(url: string, settings: HttpSettings): Promise<void> {
  const { http2 = false } = settings;
  if (url.startsWith('https:')) return checkTls(url, settings);
  if (!http2) return;
  if (await speaksClearHttp2(url)) return;
  if (await speaksTls(url)) throw needsTls(url);
  throw invalid(url, 'HTTP/2 in the clear, as `http2` says', 'a target that does not speak it', 'leave `http2` out');
}

/** What a target speaks instead of HTTP/1.1 in the clear; undefined where nothing shows. */
export async function otherProtocolOf(url: string): Promise<PlateauError | undefined> {
  if (!url.startsWith('http:')) return undefined;
  if (await speaksTls(url)) return needsTls(url);
  if (await speaksClearHttp2(url))
    return invalid(
      url,
      'HTTP/1.1',
      'a target that speaks HTTP/2',
      'say so: `http: { http2: true }` in the scenario, --http2 of `plateau http`',
    );
  return undefined;
}

async function checkTls(url: string, settings: HttpSettings): Promise<void> {
  const { http2 = false, ca = [] } = settings;
  // Node ignores what is no certificate, and then trusts none.
  if (![ca].flat().every(isCertificate))
    throw invalid(
      url,
      'certificates in PEM, as `ca` says',
      'a text without one',
      'give a file that begins with -----BEGIN CERTIFICATE-----',
    );
  const protocol = http2 ? 'h2' : 'http/1.1';
  const spoken = await handshake(url, { ...tlsOptions(settings), ALPNProtocols: [protocol] }).catch(
    (error: Error) => error,
  );
  if (!(spoken instanceof Error)) {
    if (!http2 || spoken === 'h2') return;
    throw invalid(url, 'HTTP/2, as `http2` says', 'a target that does not agree to it', 'leave `http2` out');
  }
  const { code = '' } = spoken as NodeJS.ErrnoException;
  const any = await handshake(url, { rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] }).catch(
    () => undefined,
  );
  if (any === undefined)
    throw invalid(
      url,
      'TLS',
      `a target that does not speak it (${code})`,
      'begin its address with http:// where it speaks plain HTTP',
    );
  if (!http2 && /NO_APPLICATION_PROTOCOL/.test(code))
    throw invalid(
      url,
      'HTTP/1.1 over TLS',
      'a target that speaks HTTP/2 alone',
      'say so: `http: { http2: true }` in the scenario, --http2 of `plateau http`',
    );
  if (http2 && /NO_APPLICATION_PROTOCOL/.test(code))
    throw invalid(url, 'HTTP/2, as `http2` says', 'a target that does not agree to it', 'leave `http2` out');
  throw invalid(
    url,
    'a certificate that is trusted',
    `${spoken.message} (${code})`,
    `${cures[code] ?? givenCure}; or take any: \`rejectUnauthorized: false\`, --insecure`,
  );
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

/** @returns the protocol that was agreed on */
async function handshake(url: string, options: tls.ConnectionOptions): Promise<string | false | null> {
  const host = hostOf(url);
  const servername = net.isIP(host) === 0 ? host : '';
  const socket = tls.connect({ host, port: portOf(url), servername, ...options });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(answerMs) });
    return socket.alpnProtocol;
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
}

function speaksTls(url: string): Promise<boolean> {
  return handshake(url, { rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] }).then(
    () => true,
    () => false,
  );
}

async function speaksClearHttp2(url: string): Promise<boolean> {
  const socket = net.connect({ host: hostOf(url), port: portOf(url) });
  socket.on('error', () => undefined);
  socket.write(http2Preface);
  try {
    const [answer] = (await once(socket, 'data', { signal: AbortSignal.timeout(answerMs) })) as [Buffer];
    return answer[3] === settingsFrame && answer.readUInt32BE(5) === 0;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function needsTls(url: string): PlateauError {
  return invalid(
    url,
    'HTTP in the clear',
    'a target that speaks TLS',
    `begin its address with https://: ${url.replace('http:', 'https:')}`,
  );
}

function invalid(url: string, expected: string, got: string, hint: string): PlateauError {
  return new PlateauError('PLATEAU_INVALID_SCENARIO', `${url}: expected ${expected}, got ${got}`, { hint });
}
