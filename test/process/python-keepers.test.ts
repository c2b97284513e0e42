import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasPython } from '../support/python-judgement.js';
import { startPython } from '../support/python-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe.runIf(hasPython)('what keeps most of what a place in Python has made', () => {
  it.each([
    ['a chain of objects, by its first', 'latest = Parcel(latest)', 'latest'],
    ['functions that call each other', 'latest = lambda inner=latest: inner', 'latest'],
    ['arguments of a function', 'latest = functools.partial(latest or print, Parcel(None))', 'latest'],
    ['a tuple that is made anew', 'latest = (latest or ()) + (Parcel(None),)', 'latest'],
    ['dictionaries in one another', 'latest = {"version": 1, "before": latest}', 'latest'],
    ['errors of one another', 'error = ValueError("no")\n    error.__cause__ = latest\n    latest = error', 'latest'],
    ['what a context remembers', 'trail.run(lambda: last.set(Parcel(last.get(None))))', 'trail'],
    ['a class, by its attribute', 'Parcel.first = Parcel(Parcel.first)', 'Parcel.first'],
    ['a text', 'latest = (latest or "") + "some 40 letters that are added each time"', 'latest'],
    [
      'numbers that are made anew',
      'latest = array.array("d", (latest or array.array("d")).tolist() + [0.5] * 9)',
      'latest',
    ],
    ['bytes', 'raw.extend(bytes(40))', 'raw'],
    ['a list in a generator', 'sorting.send(Parcel(None))', 'sorting.seen'],
    ['a list that a function has captured', 'keep(Parcel(None))', 'keep.kept'],
    ['a list of a thread', 'own.__dict__.setdefault("kept", []).append(Parcel(None))', 'own.kept'],
  ])('names %s', async (_, step, holder) => {
    const office = `import array, contextvars, functools, threading
class Parcel:
    first = None
    def __init__(self, before): self.before = before
latest, raw, own, trail, last = None, bytearray(), threading.local(), contextvars.Context(), contextvars.ContextVar("last")
def sorter():
    seen = []
    while True: seen.append((yield))
sorting = sorter()
next(sorting)
def keeper():
    kept = []
    return lambda parcel: kept.append(parcel)
keep = keeper()
def work():
    global latest
    ${step}
`;
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'office.py'), office);
    const target = await startPython({ environment: { PYTHONPATH: directory } });
    const connection = await target.connect();
    const drive = 'for _ in range(400): office.work()';
    await target.execute(`import office\n${drive}`);
    await connection.beginRecording!();
    await target.execute(drive);
    await connection.evidence!({ isLast: false });
    await target.execute(drive);
    const { sites } = await connection.evidence!({ isLast: true });
    const line = office.split('\n').findIndex((text) => text.includes(step.split('\n')[0]!)) + 1;
    const made = sites.filter(({ stack, live }) => stack[0]!.line === line && live.heapUsed! > 8_000);
    expect(made.map(({ heldBy }) => heldBy)).toEqual(made.map(() => `office.${holder}`));
    expect(made).not.toHaveLength(0);
  });

  it('names nothing that has only a small part of what a place has made', async () => {
    const target = await startPython();
    const connection = await target.connect();
    await target.execute('import gc, __main__\ngc.disable()\nclass Node: pass\n__main__.some, _ = [], 0');
    await connection.beginRecording!();
    // Rings that nobody collects, of which a tuple refers to a few.
    const drive = `for _ in range(300):
    node = Node()
    node.own = node
    if _ < 30: __main__.some = (*__main__.some, node)
del node`;
    await target.execute(drive);
    await connection.evidence!({ isLast: false });
    await target.execute(drive);
    const { sites } = await connection.evidence!({ isLast: true });
    const made = sites.filter(({ stack, count }) => stack[0]!.line === 2 && count >= 300);
    expect(made).not.toHaveLength(0);
    for (const site of made) expect(site).not.toHaveProperty('heldBy');
  });
});
