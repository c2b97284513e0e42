import { describe, expect, it } from 'vitest';
import { parseReply, ServerError } from '../../../../harness/runtimes/redis/resp-parser.js';

const parse = (text: string) => parseReply(Buffer.from(text, 'latin1'), 0);

describe('parseReply', () => {
  it.each([
    ['+OK\r\n', 'OK'],
    [':-3\r\n', -3],
    ['$5\r\na\r\nbc\r\n', 'a\r\nbc'],
    ['$0\r\n\r\n', ''],
    ['$-1\r\n', null],
    ['*-1\r\n', null],
    ['*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n:7\r\n', ['0', ['a', 7]]],
    ['$2\r\n\xff\x00\r\n', '\xff\x00'],
  ])('reads %j', (text, reply) => {
    expect(parse(text)).toEqual({ reply, end: text.length });
  });

  it('gives an error as a value, since it is one reply of several', () => {
    expect(parse('-NOAUTH Authentication required.\r\n')?.reply).toEqual(
      new ServerError('NOAUTH Authentication required.'),
    );
  });

  it('waits for the rest, wherever the bytes were cut', () => {
    const whole = '*3\r\n$5\r\nhello\r\n:12\r\n*1\r\n+x\r\n';
    for (let length = 0; length < whole.length; length += 1) expect(parse(whole.slice(0, length))).toBeUndefined();
    expect(parse(`${whole}+next\r\n`)).toEqual({ reply: ['hello', 12, ['x']], end: whole.length });
  });

  it('refuses what is another protocol', () => {
    expect(() => parse('HTTP/1.1 400 Bad Request\r\n')).toThrow(/not RESP2/);
  });
});
