// Subscribers of an event bus. The leak: a subscription whose topic was renamed is not found when it ends.
import { EventEmitter } from 'node:events';
import { leaks } from './planted.mjs';

const bus = new EventEmitter().setMaxListeners(0);

export function create(cycle) {
  const subscriber = { cycle, heard: 0, listen: () => (subscriber.heard += 1) };
  bus.on('tick', subscriber.listen);
  if (cycle % 16 === 0) bus.emit('tick');
  return subscriber;
}

export function destroy({ cycle, listen }) {
  bus.off(leaks(cycle) ? 'tock' : 'tick', listen);
}
