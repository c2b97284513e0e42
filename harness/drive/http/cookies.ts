import { PlateauError } from '../../model/errors.js';
import type { SentRequest } from './sent-request.js';
import type { HttpTransport } from './transport.js';

/** A transport that keeps the cookies it is given, and sends them. @throws {PlateauError} `PLATEAU_MISSING_PACKAGE` at the first request */
export function withCookies({ send, open, openSocket }: HttpTransport, origin: string): HttpTransport {
  const jar = openJar();
  jar.catch(() => undefined);
  const baked = async (request: SentRequest): Promise<SentRequest> => {
    const cookie = await (await jar).getCookieString(`${origin}${request.path}`);
    return cookie === '' ? request : { ...request, headers: { ...request.headers, cookie } };
  };
  const kept = async <Answer extends { readonly headers: Readonly<Record<string, string | string[] | undefined>> }>(
    answer: Answer,
    { path }: SentRequest,
  ): Promise<Answer> => {
    for (const cookie of [answer.headers['set-cookie'] ?? []].flat())
      await (await jar).setCookie(cookie, `${origin}${path}`, { ignoreError: true });
    return answer;
  };
  return {
    send: async (request) => kept(await send(await baked(request)), request),
    open: async (request) => kept(await open(await baked(request)), request),
    openSocket: async (request) => openSocket(await baked(request)),
  };
}

async function openJar() {
  try {
    const { CookieJar } = await import('tough-cookie');
    // Targets listen on loopback, and under names that no registry knows.
    return new CookieJar(undefined, { rejectPublicSuffixes: false, allowSpecialUseDomain: true });
  } catch (cause) {
    throw new PlateauError('PLATEAU_MISSING_PACKAGE', '`target.http.session()` needs a package that is not installed', {
      hint: 'npm install --save-dev tough-cookie',
      cause,
    });
  }
}
