import { describe, expect, it } from 'vitest';
import {
  findAddition,
  findCall,
  findDeclaration,
  functionExtent,
} from '../../../../harness/attribute/source/source-search.js';

const lines = (text: string) => text.split('\n');

describe('the extent of a function', () => {
  it('goes from its parameters to its closing brace', () => {
    const source = lines(`class Store {
  add(session, { quiet } = {}) { // a "{" in a comment
    const text = '}' + \`}\${session}}\`;
    /* } */
    if (quiet) { return; }
    this.items.push(text);
  }
  other() {}
}`);
    expect(functionExtent(source, { line: 2, column: 6 })).toEqual({ first: 2, last: 7 });
    expect(functionExtent(source, { line: 8, column: 8 })).toEqual({ first: 8, last: 8 });
  });

  it('ends an arrow function without braces where its expression ends', () => {
    const source = lines(`const open = (id) => store
  .add(id);
const close = (id) => store.remove(id);`);
    expect(functionExtent(source, { line: 1, column: 14 })).toEqual({ first: 1, last: 2 });
  });

  it('ends with the file when brackets are missing', () => {
    expect(functionExtent(lines('function broken() {\n  a();'), { line: 1, column: 16 })).toEqual({
      first: 1,
      last: 2,
    });
  });
});

describe('the line that adds to a holder', () => {
  const find = (text: string, names: readonly string[]) => {
    const source = lines(text);
    return findAddition(source, { first: 1, last: source.length }, names)?.line;
  };

  it.each([
    ['sessions.set(id, session);', 'sessions'],
    ['this.#byId.set(id, session);', '#byId'],
    ['  list?.push(entry)', 'list'],
    ['cache[key] = value;', 'cache'],
    ['cache[keyOf(id)] ??= value;', 'cache'],
    ['grid[x][y] = value;', 'grid'],
    ['tree[name] = {};', 'tree'],
    ["(this.calls['$' + name] = this.calls['$' + name] || [])", 'calls'],
    ['newest = { older: newest };', 'newest'],
    ['bus.on("change", listener);', 'bus'],
    ['token.promise.then(cancel);', 'promise'],
  ])('%s', (line, name) => {
    expect(find(`const other = ${name};\n${line}\nif (${name} === undefined) return;`, [name])).toBe(2);
  });

  it('prefers the name nearest to the holder, and a line that adds to one that only speaks', () => {
    expect(find('server.start();\nserver.rooms.set(1, 2);', ['rooms', 'server'])).toBe(2);
    expect(find('await Promise.race([work, closed]);', ['closed'])).toBe(1);
  });

  it.each([
    ['let state = { events: [], seen: 0 };', 'state'],
    ['state = { events: [] };', 'state'],
    ["transcript = '';", 'transcript'],
    ['state.log.length = 0;', 'log'],
    ['this.items = this.items.filter((item) => item !== gone);', 'items'],
    ['if (sound) delete cache[key];', 'cache'],
    ['list.splice(list.indexOf(entry), 1);', 'list'],
    ['globalThis.queries ??= {};', 'queries'],
    ['this.calls = this.calls || {};', 'calls'],
    ['cache[key] = undefined;', 'cache'],
  ])('is not one that only empties it, or that it begins at: %s', (line, name) => {
    expect(find(`${line}\n${name}[key] = value;`, [name])).toBe(2);
    expect(find(line, [name])).toBeUndefined();
  });

  it('is not fooled by longer names and comments', () => {
    expect(find('allSessions.set(1, 2);\n// sessions.set(1, 2)\nsessions2.set(1, 2);', ['sessions'])).toBeUndefined();
  });
});

it('finds the call of a function, methods and generics included', () => {
  const source = lines('const a = keepAll(1);\nthis.keep<string>(2);\nkeep(3);');
  expect(findCall(source, { first: 1, last: 3 }, 'keep')?.line).toBe(2);
  expect(findCall(source, { first: 1, last: 1 }, 'keep')).toBeUndefined();
});

describe('where a holder is declared', () => {
  const find = (text: string, name: string, kind: 'variable' | 'property') =>
    findDeclaration(lines(text), name, kind)?.line;

  it('as a variable', () => {
    expect(find('sessions.clear();\nconst a = 1, sessions = new Map();', 'sessions', 'variable')).toBe(2);
    expect(find('import { sessions } from "./sessions.js";', 'sessions', 'variable')).toBe(1);
    expect(find('const sessionsByUser = 1;', 'sessions', 'variable')).toBeUndefined();
  });

  it('as a field', () => {
    expect(find('class A {\n  private readonly rooms: Map<string, Room> = new Map();\n}', 'rooms', 'property')).toBe(2);
    expect(find('if (this.rooms === x) {}\nthis.rooms = new Map();', 'rooms', 'property')).toBe(2);
    expect(find('class A {\n  #rooms = new Map();\n}', '#rooms', 'property')).toBe(2);
    expect(find('return { rooms: new Map() };', 'rooms', 'property')).toBe(1);
  });
});
