import { describe, expect, it } from 'vitest';
import { formatAddress, parseInternetSockets, parseUnixSockets } from '../../../harness/platform/socket-table.js';

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51234 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:D2F0 01 00000010:0000000A 00:00000000 00000000  1000        0 51235 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:1F90 0100007F:D2F2 06 00000000:00000000 03:00000FA0 00000000     0        0 0 3 0000000000000000
10003: 0100007F:D2F4 0100007F:1F90 08 00000000:00000000 00:00000000 00000000     0        0 51237 1 0000000000000000 20 4 30 10 -1
`;
const tcp6 = `  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7 1 x
   1: 0000000000000000FFFF00000100007F:0050 0000000000000000FFFF00000100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 8 1 x
`;
const udp = `   sl  local_address rem_address   st tx_queue rx_queue
 1234: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   100        0 99 2 0000000000000000 0
`;

const nothing = { family: 'tcp', unsentBytes: 0, unreadBytes: 0 };

describe('parseInternetSockets', () => {
  it('reads addresses, states and inodes, and leaves out what nobody owns', () => {
    expect([...parseInternetSockets(tcp, 'tcp')]).toEqual([
      [51_234, { ...nothing, state: 'listen', local: '127.0.0.1:8080', peer: undefined }],
      [
        51_235,
        {
          family: 'tcp',
          state: 'established',
          local: '127.0.0.1:8080',
          peer: '127.0.0.1:54000',
          unsentBytes: 16,
          unreadBytes: 10,
        },
      ],
      [51_237, { ...nothing, state: 'closeWait', local: '127.0.0.1:54004', peer: '127.0.0.1:8080' }],
    ]);
  });

  it('reads IPv6', () => {
    expect([...parseInternetSockets(tcp6, 'tcp').values()].map(({ local, peer }) => [local, peer])).toEqual([
      ['[::]:80', undefined],
      ['127.0.0.1:80', '127.0.0.1:50000'],
    ]);
  });

  it('knows no states of UDP', () => {
    expect(parseInternetSockets(udp, 'udp').get(99)).toMatchObject({ local: '127.0.0.1:53', state: undefined });
  });

  it('keeps the wanted ones only', () => {
    expect([...parseInternetSockets(tcp, 'tcp', new Set([51_235, 4])).keys()]).toEqual([51_235]);
  });

  it('says nothing of lines that it does not understand', () => {
    expect(parseInternetSockets('\n  0: zz:1 \n', 'tcp').size).toBe(0);
  });
});

describe('formatAddress', () => {
  it.each([
    ['0100007F', '127.0.0.1'],
    ['00000000', '0.0.0.0'],
    ['00000000000000000000000001000000', '::1'],
    ['B80D0120000000000000000001000000', '2001:db8::1'],
    ['B80D0120000001000000000001000000', '2001:db8:1::1'],
    ['000080FE00000000FF565002BF4C8A01', 'fe80::250:56ff:18a:4cbf'],
  ])('%s is %s', (hexadecimal, address) => expect(formatAddress(hexadecimal)).toBe(address));
});

describe('parseUnixSockets', () => {
  it('reads bound and unnamed sockets', () => {
    const text = `Num       RefCount Protocol Flags    Type St Inode Path
00000000b1e1d2a1: 00000002 00000000 00010000 0001 01 17395 /run/my service.sock
00000000b1e1d2a2: 00000003 00000000 00000000 0001 03     9
00000000b1e1d2a3: 00000002 00000000 00010000 0001 01 12 @abstract
`;
    const sockets = parseUnixSockets(text, new Set([17_395, 9]));
    expect([...sockets].map(([inode, { local }]) => [inode, local])).toEqual([
      [17_395, '/run/my service.sock'],
      [9, 'unnamed'],
    ]);
  });
});
