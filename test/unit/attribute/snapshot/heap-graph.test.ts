import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHeapGraph } from '../../../../harness/attribute/snapshot/heap-graph.js';
import { type SketchedNode, writeHeapSnapshot } from '../../../support/heap-snapshot.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

describe('reading a heap snapshot', () => {
  it('keeps nodes, edges, locations and strings as they are written', () => {
    const file = path.join(temporaryDirectory(), 'small.heapsnapshot');
    writeHeapSnapshot(file, [
      {
        id: 1,
        type: 'synthetic',
        name: '',
        edges: [
          ['shortcut', 'global', 3],
          ['element', 7, 5],
        ],
      },
      { id: 3, type: 'object', name: 'a "quoted" \\ näme ☃', size: 24, edges: [['property', 'next', 5]] },
      { id: 5, type: 'closure', name: 'run', size: 4_000_000_000, location: [12, 34, 56] },
    ]);
    const graph = readHeapGraph(file, ['next', 'absent']);
    expect([...graph.nodeId]).toEqual([1, 3, 5]);
    expect([...graph.selfSize]).toEqual([0, 24, 4_000_000_000]);
    expect([...graph.firstEdge]).toEqual([0, 2, 3, 3]);
    expect([...graph.edgeTo]).toEqual([1, 2, 2]);
    expect(graph.edgeName[1]).toBe(7);
    expect(graph.string(graph.nodeName[1]!)).toBe('a "quoted" \\ näme ☃');
    expect(graph.nodeTypes[graph.nodeType[2]!]).toBe('closure');
    expect(graph.locationOf(2)).toEqual({ scriptId: 12, line: 34, column: 56 });
    expect(graph.locationOf(1)).toBeUndefined();
    expect(graph.string(graph.indexOfString('next'))).toBe('next');
    expect(graph.indexOfString('absent')).toBe(-1);
    graph.close();
  });

  it('reads on over the ends of its chunks and blocks', () => {
    const count = 250_000;
    const file = path.join(temporaryDirectory(), 'large.heapsnapshot');
    const nodes = Array.from({ length: count }, (_, index): SketchedNode => {
      const id = index * 2 + 1;
      const next = ['property', `next${index % 1_000}`, id + 2] as const;
      return { id, type: 'object', name: `class ${index}`, size: index, edges: index + 1 < count ? [next] : [] };
    });
    writeHeapSnapshot(file, nodes);
    const graph = readHeapGraph(file, ['next999']);
    expect(graph.nodeCount).toBe(count);
    let wrong = 0;
    for (let node = 0; node < count; node += 1) {
      if (graph.nodeId[node] !== node * 2 + 1 || graph.selfSize[node] !== node) wrong += 1;
      if (node + 1 < count && graph.edgeTo[graph.firstEdge[node]!] !== node + 1) wrong += 1;
    }
    expect(wrong).toBe(0);
    for (const node of [0, 131_071, 131_072, count - 1]) {
      expect(graph.string(graph.nodeName[node]!)).toBe(`class ${node}`);
    }
    expect(graph.edgeName[999]).toBe(graph.indexOfString('next999'));
    graph.close();
  });

  it('refuses what is no snapshot, or not all of one', () => {
    const directory = temporaryDirectory();
    const other = path.join(directory, 'other.json');
    writeFileSync(other, '{"some": "json"}');
    expect(() => readHeapGraph(other, [])).toThrow(`${other} is not a heap snapshot`);
    const whole = path.join(directory, 'whole.heapsnapshot');
    writeHeapSnapshot(whole, [{ id: 1, type: 'synthetic', name: '' }]);
    const cut = path.join(directory, 'cut.heapsnapshot');
    const text = readFileSync(whole, 'utf8');
    writeFileSync(cut, text.slice(0, text.indexOf('"strings"')));
    expect(() => readHeapGraph(cut, [])).toThrow(`${cut} is cut short`);
  });
});
