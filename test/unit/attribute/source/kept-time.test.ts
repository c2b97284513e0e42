import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keptTimeAt, keptTimeInFile } from '../../../../harness/attribute/source/kept-time.js';
import { SourceLocator } from '../../../../harness/attribute/source/source-locator.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

/** A source file whose line 10 makes the entries. */
function sourceOf(near: string, elsewhere = '') {
  const directory = temporaryDirectory();
  const file = join(directory, 'service.src');
  const before = Array.from({ length: 9 }, () => '');
  writeFileSync(file, [...before, ...near.split('\n'), ...Array.from({ length: 4 }, () => ''), elsewhere].join('\n'));
  return { stack: [{ file, line: 10 }], locator: new SourceLocator({}, directory) };
}

const timeAt = (near: string) => {
  const { stack, locator } = sourceOf(near);
  return keptTimeAt(stack, locator);
};

test.each([
  ['Go', 'sessions[id] = session{time.Now().Add(life), make([]byte, 200)}', 'Now'],
  ['Go, with a package', 'cache.Set(id, entry, gocache.DefaultExpiration)', 'DefaultExpiration'],
  ['Java', 'seen.put(id, new Entry(System.currentTimeMillis() + LIFE));', 'currentTimeMillis'],
  ['Java', 'seen.put(id, Instant.now().plus(life));', 'now'],
  ['Java, of a servlet', 'request.getSession(true).setMaxInactiveInterval(1800);', 'setMaxInactiveInterval'],
  ['Rust', 'map.insert(id, Entry {\n    until: Instant::now() + LIFE,\n});', 'now'],
  ['C', 'struct entry *made = malloc(sizeof *made);\nmade->expires_at = deadline;', 'expires_at'],
  ['C', 'made->end = time(NULL) + 60;', 'time'],
  ['Ruby', 'SESSIONS[id] = Time.now + ttl', 'ttl'],
])('an entry is given a time where it is made: %s', (_, near, name) => {
  expect(timeAt(near)).toEqual({ name });
});

test.each([
  ['a comment', 'locks[id] = lock{} // never expires'],
  ['a text', 'counters.increment("sessions_expired", id)'],
  ['a time that is only written down', 'seen.put(id, System.currentTimeMillis());'],
  ['another sum', 'total = known + count; wait(timeout);'],
])('no time is given by %s', (_, near) => {
  expect(timeAt(near)).toBeUndefined();
});

const timeOf = (near: string, elsewhere: string) => {
  const { stack, locator } = sourceOf(near, elsewhere);
  expect(keptTimeAt(stack, locator)).toBeUndefined();
  return keptTimeInFile(stack, locator);
};

test.each([
  ['a life', 'cache.insert(id, value);', 'let cache = Cache::builder()\n    .time_to_live(LIFE)', 'time_to_live'],
  ['Go', 'seen[id] = entry', 'if time.Since(at) > life {\n    delete(seen, id)\n}', 'Since'],
  ['Go, by its end', 's.seen[id] = entry', 'if now.After(entry.end) {\n    delete(s.seen, id)\n}', 'After'],
  ['Java', 'SEEN.put(id, at);', 'SEEN.values().removeIf(at -> System.nanoTime() - at > LIFE);', 'nanoTime'],
  ['Rust', 'seen.lock().unwrap().insert(id, at);', 'seen.retain(|_, at| at.elapsed() < LIFE);', 'elapsed'],
  ['C', 'seen->first = entry;', 'if (now - entry->at > life) {\n    table_remove(seen, entry);\n}', 'now'],
])(
  'elsewhere in the file, what is old goes from the same collection; a minute is the most: %s',
  (_, near, code, name) => {
    expect(timeOf(near, code)).toEqual({ name, inMs: 60_000 });
  },
);

test.each([
  ['another collection', 'locks[id] = lock', 'if time.Since(at) > life {\n    delete(seen, id)\n}'],
  ['another cache', 'locks.insert(id, Arc::new(lock));', 'let cache = Cache::builder().time_to_live(LIFE);'],
  ['how long a request took', 'seen[id] = entry', 'observe(time.Since(start))\n\n\n\ndelete(seen, id)'],
  ['what is taken out otherwise', 'seen[id] = entry', 'delete(seen, id)'],
])('elsewhere in the file, this says nothing: %s', (_, near, code) => {
  expect(timeOf(near, code)).toBeUndefined();
});

test('code of packages says nothing of the entries of those who call it', () => {
  const { stack, locator } = sourceOf('entries.put(key, Instant.now().plus(life));');
  const inPackage = stack.map((place) => ({ ...place, package: 'cache@1' }));
  expect(keptTimeAt(inPackage, locator)).toBeUndefined();
});
