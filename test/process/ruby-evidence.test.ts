import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruby } from '../../harness/runtimes/ruby/ruby.js';
import { hasCommand } from '../support/managed-judgement.js';
import { startManaged } from '../support/managed-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Keeps a text for each session, and one of code that it evaluates; its directory is another one by then. */
const service = `require 'socket'
$kept = []
def keep(number)
  $kept << "session #{number} of a citizen with a long name"
  $kept << eval('"evaluated"')
end
server = TCPServer.new('127.0.0.1', 0)
puts "127.0.0.1:#{server.addr[1]}"
$stdout.flush
Dir.chdir('/')
number = 0
loop do
  client = server.accept
  nil until client.gets == "\\r\\n"
  keep(number += 1)
  client.write "HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\nConnection: close\\r\\n\\r\\n1"
  client.close
end
`;

describe.runIf(hasCommand('ruby'))('the inside view of Ruby', () => {
  it('names files by their whole path, as `ruby service.rb` does not', async () => {
    const directory = realpathSync(temporaryDirectory());
    writeFileSync(join(directory, 'service.rb'), service);
    const target = await startManaged({ runtime: ruby, command: ['ruby', 'service.rb'], directory, purpose: 'cause' });
    const connection = await target.connect();
    await connection.beginRecording!();
    for (let count = 0; count < 30; count += 1) await (await fetch(target.url, { method: 'POST' })).text();
    const { sites } = await connection.evidence!({ isLast: true });
    await connection.close();
    const made = sites.filter(({ what, count }) => what === '`String` objects' && count >= 30);
    const places = made.map(({ stack: [frame] }) => `${frame!.file}:${frame!.line}`);
    expect(places).toContain(`${join(directory, 'service.rb')}:4`);
    expect(places.filter((place) => place.startsWith('/') && place.includes('eval'))).toEqual([]);
  });
});
