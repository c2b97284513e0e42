import { expect, test } from 'vitest';
import { openUpstreams } from '../../../../harness/run/measuring/upstreams.js';

test('each proxy that was opened can be closed, also where a later one cannot be opened', async () => {
  const closing: (() => void)[] = [];
  const upstreams = { FIRST_URL: 'http://[::1]:7001/', BROKEN_URL: 'nowhere' };
  const opening = openUpstreams({ upstreams, operations: {} }, {}, (close) => closing.push(close));
  await expect(opening).rejects.toThrow('Invalid URL');
  expect(closing).toHaveLength(1);
  for (const close of closing) close();
});

test('the target is given a proxy in place of each upstream', async () => {
  const closing: (() => void)[] = [];
  const upstreams = { STORE_URL: 'http://user@[::1]:7001/base', CACHE_URL: 'redis://cache' };
  const { environment, proxies } = await openUpstreams({ upstreams, operations: {} }, { OTHER: 'x' }, (close) =>
    closing.push(close),
  );
  expect(environment).toEqual({
    OTHER: 'x',
    STORE_URL: `http://user@127.0.0.1:${proxies[0]!.port}/base`,
    CACHE_URL: `redis://127.0.0.1:${proxies[1]!.port}`,
  });
  for (const close of closing) close();
});
