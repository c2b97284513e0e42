/** An error that the server answered, its code the first word: `NOAUTH Authentication required.` */
export class ServerError extends Error {
  override readonly name = 'ServerError';
}

export type Reply = string | number | null | ServerError | readonly Reply[];

/** A number that was answered; 0 where the answer is something else. */
export function numberIn(reply: Reply | undefined): number {
  return typeof reply === 'number' ? reply : 0;
}

/** A name as people read it; of bytes that are no text, as far as they are. */
export function textOf(reply: Reply | undefined): string {
  return Buffer.from(String(reply), 'latin1').toString('utf8');
}

const carriageReturn = 13;

/** The reply that begins at `at`, texts as latin1; `undefined` while it has not come whole. */
export function parseReply(bytes: Buffer, at: number): { reply: Reply; end: number } | undefined {
  const lineEnd = bytes.indexOf(carriageReturn, at);
  if (lineEnd < 0 || lineEnd + 2 > bytes.length) return undefined;
  const line = bytes.toString('latin1', at + 1, lineEnd);
  const next = lineEnd + 2;
  switch (String.fromCharCode(bytes[at]!)) {
    case '+':
      return { reply: line, end: next };
    case '-':
      return { reply: new ServerError(line), end: next };
    case ':':
      return { reply: Number(line), end: next };
    case '$': {
      const length = Number(line);
      if (length < 0) return { reply: null, end: next };
      const end = next + length;
      return end + 2 > bytes.length ? undefined : { reply: bytes.toString('latin1', next, end), end: end + 2 };
    }
    case '*':
      return parseArray(bytes, next, Number(line));
    default:
      throw new Error(`Redis answered what is not RESP2: ${bytes.toString('latin1', at, lineEnd).slice(0, 40)}`);
  }
}

function parseArray(bytes: Buffer, at: number, length: number): { reply: Reply; end: number } | undefined {
  if (length < 0) return { reply: null, end: at };
  const replies: Reply[] = [];
  let end = at;
  for (let index = 0; index < length; index += 1) {
    const parsed = parseReply(bytes, end);
    if (parsed === undefined) return undefined;
    replies.push(parsed.reply);
    end = parsed.end;
  }
  return { reply: replies, end };
}
