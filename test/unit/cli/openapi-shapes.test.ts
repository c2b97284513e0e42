import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type FoundRequests, requestsOfOpenapi } from '../../../harness/cli/http/from-openapi.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

interface Shape {
  readonly document: object;
  readonly pairs: readonly string[];
}

const file = new URL('../../fixtures/openapi/documents.yaml', import.meta.url);
const shapes = parse(readFileSync(file, 'utf8')) as Record<string, Shape>;

function found(name: string): Promise<FoundRequests> {
  const path = join(temporaryDirectory(), `${name}.json`);
  writeFileSync(path, JSON.stringify(shapes[name]!.document));
  return requestsOfOpenapi(path);
}

test.each(Object.keys(shapes))('the create/destroy pairs of a document like that of %s', async (name) => {
  const { operations } = await found(name);
  expect(Object.keys(operations).toSorted()).toEqual(shapes[name]!.pairs.toSorted());
  for (const { destroy } of Object.values(operations)) expect(destroy?.method).toBe('DELETE');
});

test('what undoes a thing takes its id from where the answer has it, or from the name that it was given', async () => {
  const undoes = async (name: string, create: string) => {
    const { operations } = await found(name);
    return operations[create]?.destroy?.path;
  };
  expect(await undoes('machines', 'POST /v2/droplets')).toBe('/v2/droplets/{json:droplet.id}');
  expect(await undoes('machines', 'POST /v2/account/keys')).toBe('/v2/account/keys/{json:ssh_key.id}');
  expect(await undoes('messages', 'POST /2010/Accounts/AC1/Messages.json')).toBe(
    '/2010/Accounts/AC1/Messages/{json:sid}.json',
  );
  expect(await undoes('tasks', 'POST /tasks')).toBe('/tasks/{json:data.gid}');
  expect(await undoes('tickets', 'POST /rest/api/3/issue')).toBe('/rest/api/3/issue/{json:id}');
  expect(await undoes('chat', 'POST /channels/7/messages')).toBe('/channels/7/messages/{json:id}');
  expect(await undoes('engine', 'POST /containers/create')).toBe('/containers/{json:Id}');
  expect(await undoes('boards', 'POST /boards/1/sections')).toBe('/sections/{json:data.gid}');
  expect(await undoes('boards', 'POST /user/projects')).toBe('/projects/{json:owner.login}/{json:name}');
  expect(await undoes('boards', 'PUT /boards/1/star')).toBe('/boards/1/star');
  expect(await undoes('boards', 'POST /boards/1/settings/plateau-{cycle}')).toBe('/boards/1/settings/plateau-{cycle}');
  const { operations } = await found('cluster');
  const configMap = operations['POST /api/v1/namespaces/default/configmaps'];
  expect(configMap?.create.body).toMatchObject({ metadata: { name: 'plateau-{cycle}' } });
  expect(configMap?.destroy?.path).toBe('/api/v1/namespaces/default/configmaps/{json:metadata.name}');
  const { operations: payments } = await found('payments');
  expect(payments['POST /v1/coupons']?.create).toMatchObject({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: expect.stringContaining('id=plateau-{cycle}'),
  });
});
