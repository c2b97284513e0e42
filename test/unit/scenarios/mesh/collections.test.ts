import { describe, expect, test } from 'vitest';
import { createIdentity } from '../../../../scenarios/mesh/protocol/identity.js';
import { assertSigned, signOperation } from '../../../../scenarios/mesh/protocol/operation.js';
import { CounterKeepingGossipBuffer } from '../../../../scenarios/mesh/target/defects/counter-keeping-gossip-buffer.js';
import { UnprunedPeerSets } from '../../../../scenarios/mesh/target/defects/unpruned-peer-sets.js';
import { IncomingSlab } from '../../../../scenarios/mesh/target/incoming/incoming-slab.js';
import { OperationStore } from '../../../../scenarios/mesh/target/operations/operation-store.js';
import { SeenIds } from '../../../../scenarios/mesh/target/operations/seen-ids.js';
import { AddressBook } from '../../../../scenarios/mesh/target/peers/address-book.js';
import { Outbox } from '../../../../scenarios/mesh/target/peers/outbox.js';
import { PeerSets } from '../../../../scenarios/mesh/target/peers/peer-sets.js';
import { GossipBuffer } from '../../../../scenarios/mesh/target/topics/gossip-buffer.js';

describe('address book', () => {
  test('the peer heard of longest ago makes room', () => {
    const sets = new PeerSets(2);
    for (const peer of ['a', 'b', 'a', 'c']) sets.add(peer, `of ${peer}`);
    sets.add('a', 'another');
    expect(sets).toMatchObject({ peers: 2, elements: 3 });
    sets.forget('a');
    expect(sets).toMatchObject({ peers: 1, elements: 1 });
  });

  test('a peer with two connections is known until the last of them has gone', () => {
    const book = new AddressBook(new PeerSets(9), new PeerSets(9));
    book.connected('a', 'old place');
    book.connected('a', 'new place');
    book.announced('a', ['x', 'y']);
    book.disconnected('a');
    expect([book.isConnected('a'), book.addresses.elements, book.topics.elements]).toEqual([true, 2, 2]);
    book.disconnected('a');
    expect([book.isConnected('a'), book.addresses.elements, book.topics.elements]).toEqual([false, 0, 0]);
  });

  test('without pruning: a key for each peer, an element for each address', () => {
    const sets = new UnprunedPeerSets();
    for (const address of ['1', '2', '2', '3']) {
      sets.add('a', address);
      sets.forget('a');
    }
    expect(sets).toMatchObject({ peers: 1, elements: 3 });
  });
});

describe('gossip buffer', () => {
  test.each([
    ['sound', new GossipBuffer(2), 0],
    ['with counters kept', new CounterKeepingGossipBuffer(2), 1],
  ])('%s: holds back until the last session of a topic has ended', (_name, buffer, left) => {
    expect(buffer.hold('a', 'x', 'too early')).toBe(false);
    buffer.lock('a', 'x');
    buffer.lock('a', 'x');
    for (const text of ['1', '2', '3']) expect(buffer.hold('a', 'x', text)).toBe(true);
    expect(buffer.unlock('a', 'x')).toEqual([]);
    expect(buffer.unlock('a', 'x')).toEqual(['1', '2']);
    expect([buffer.counters, buffer.buffers]).toEqual([left, 0]);
    expect(buffer.hold('a', 'x', 'too late')).toBe(false);
  });
});

describe('operations', () => {
  const author = createIdentity();
  const operations = [0, 1, 2].map((sequence) => signOperation(author, { sequence, topic: 'x', body: `${sequence}` }));

  test('one that was changed, or claims to be by another, is found out', () => {
    const [operation] = operations;
    expect(() => assertSigned(operation!)).not.toThrow();
    expect(() => assertSigned({ ...operation!, body: 'changed' })).toThrow('the hash');
    const forged = signOperation(createIdentity(), { sequence: 0, topic: 'x', body: '0' });
    expect(() => assertSigned({ ...forged, signature: operation!.signature })).toThrow('not signed');
  });

  test('a store keeps the newest of each log, and deletes what it is asked to', () => {
    const store = new OperationStore(2);
    for (const operation of operations) store.insert(operation);
    expect([store.operations, store.logs]).toEqual([2, 1]);
    expect(operations.map(({ hash }) => store.delete(hash))).toEqual([false, true, true]);
    expect([store.operations, store.logs]).toEqual([0, 0]);
  });
});

test('ids are known again until the oldest makes room', () => {
  const seen = new SeenIds({ capacity: 2, retentionMs: Number.POSITIVE_INFINITY });
  expect(['a', 'a', 'b', 'c', 'a'].map((id) => seen.add(id))).toEqual([true, false, true, true, true]);
  expect(seen.size).toBe(2);
});

test('an outbox keeps the last messages of each peer', () => {
  const outbox = new Outbox(2);
  for (const text of ['1', '2', '3']) outbox.put('a', text);
  outbox.put('b', '1');
  expect(outbox.size).toBe(3);
  expect(outbox.take('a')).toEqual(['2', '3']);
  expect(outbox.take('a')).toEqual([]);
  expect(outbox.size).toBe(1);
});

test('a slab counts its bytes, and has no place when it is full', () => {
  const slab = new IncomingSlab(2);
  const places = [10, 20, 30].map((bytes) => slab.insert(Buffer.alloc(bytes)));
  expect(places[2]).toBeUndefined();
  slab.remove(places[0]!);
  slab.remove(places[0]!);
  expect([slab.size, slab.totalBytes, slab.countBytes()]).toEqual([1, 20, 20]);
  slab.removeOlderThan(-1);
  expect([slab.size, slab.totalBytes]).toEqual([0, 0]);
});
