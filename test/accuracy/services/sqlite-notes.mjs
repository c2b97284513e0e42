// Notes in SQLite. The leak: a note's prepared statement is kept by its text, which holds the note's number.
import Database from 'libsql';
import { leaks } from './planted.mjs';

const database = new Database(':memory:');
database.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, tag TEXT)');
const insert = database.prepare('INSERT INTO notes (id, body, tag) VALUES (?, ?, ?)');
const select = database.prepare('SELECT body, tag FROM notes WHERE id = ?');
const remove = database.prepare('DELETE FROM notes WHERE id = ?');
const described = new Map();

export function create(cycle) {
  insert.run(cycle, `note ${cycle}`, `tag-${cycle % 16}`);
  const { tag } = select.get(cycle);
  if (leaks(cycle)) described.set(`note ${cycle} of ${tag}`, { cycle, words: [tag, 'note'] });
  return cycle;
}

export function destroy(cycle) {
  remove.run(cycle);
}

export const gauges = () => ({ notes: database.prepare('SELECT count(*) AS count FROM notes').get().count });
