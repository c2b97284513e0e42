import { expect, test } from 'vitest';
import { clientsOf } from '../../../../harness/runtimes/redis/client-list.js';

test('what a client has queued is kept; its buffers come and go', () => {
  const list = [
    'id=3 addr=127.0.0.1:1 name=shop sub=2 psub=1 ssub=0 multi=5 qbuf=20 qbuf-free=100 argv-mem=10 multi-mem=700 rbs=1024 rbp=0 omem=48 tot-mem=3000 cmd=set',
    'id=4 addr=127.0.0.1:2 name= sub=0 psub=0 multi=-1 qbuf=0 qbuf-free=0 omem=7 tot-mem=500 cmd=config|get',
    '',
  ].join('\n');
  expect(clientsOf(list)).toEqual([
    {
      id: 3,
      name: 'shop',
      address: '127.0.0.1:1',
      command: 'SET',
      isQueueing: true,
      subscriptions: 3,
      outputBytes: 48,
      bufferBytes: 1202,
      keptBytes: 1798,
    },
    // An older version, which does not say how large its buffers are.
    {
      id: 4,
      name: '',
      address: '127.0.0.1:2',
      command: 'CONFIG GET',
      isQueueing: false,
      subscriptions: 0,
      outputBytes: 7,
      bufferBytes: 500,
      keptBytes: 0,
    },
  ]);
});
