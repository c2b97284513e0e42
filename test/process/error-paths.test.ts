import { expect, test } from 'vitest';
import { blamedFaults, errorServices, soakErrorService } from '../support/error-services.js';

const inFull = errorServices.filter(({ name }) => ['events', 'streams', 'chat'].includes(name));

test.each(inFull)(
  '$name leaks on an error path alone: a fault that brings it is named, and no other',
  async (service) => {
    const record = await soakErrorService(service, { leaks: true, more: ['--attribution', 'off'] });
    expect(record.verdict).toBe('leak');
    const named = blamedFaults(record);
    expect(named).toContain(service.faults[0]);
    expect(service.faults).toEqual(expect.arrayContaining(named));
  },
);

test('a room whose members are lost passes under every fault, where it lets them go', async () => {
  const record = await soakErrorService(errorServices.find(({ name }) => name === 'chat')!, { leaks: false });
  expect({ verdict: record.verdict, reason: record.reason }).toMatchObject({ verdict: 'plateau' });
});
