import { expect, test } from 'vitest';
import { PairSizer } from '../../../../harness/run/pair/pair-sizer.js';
import { type TurnTaker, takeTurns } from '../../../../harness/run/pair/take-turns.js';

/** Writes its name down for each round. */
function taker(name: string, rounds: number, turnsTaken: string[], onRound: () => void = () => undefined): TurnTaker {
  let driven = 0;
  return {
    get mayGoOn() {
      return driven < rounds;
    },
    round() {
      driven += 1;
      turnsTaken.push(name);
      onRound();
      return Promise.resolve();
    },
  };
}

test('rounds come in ABBA order until it is enough', async () => {
  const turnsTaken: string[] = [];
  let turns = 0;
  const endTurn = () => {
    turns += 1;
  };
  await takeTurns([taker('A', 100, turnsTaken), taker('B', 100, turnsTaken)], { endTurn, enough: () => turns === 6 });
  expect(turnsTaken.join('')).toBe('ABBAABBAABBA');
});

test('who may not go on is left out, and the other goes on alone', async () => {
  const turnsTaken: string[] = [];
  await takeTurns([taker('A', 2, turnsTaken), taker('B', 5, turnsTaken)], {
    endTurn: () => undefined,
    enough: () => false,
  });
  expect(turnsTaken.join('')).toBe('ABBABBB');
});

test('both rounds of a turn are of one size, and the next size follows the mean speed of both', async () => {
  const sizer = new PairSizer('auto', 1);
  const sizes: number[] = [];
  const turnsTaken: string[] = [];
  const drive = (msPerCycle: number) => () => {
    sizes.push(sizer.meanCycles);
    sizer.observe(sizer.meanCycles, sizer.meanCycles * msPerCycle, 60);
  };
  const pair = [taker('A', 100, turnsTaken, drive(1)), taker('B', 100, turnsTaken, drive(3))] as const;
  await takeTurns(pair, { endTurn: () => sizer.endTurn(), enough: () => turnsTaken.length === 12 });
  for (let index = 0; index < sizes.length; index += 2) expect(sizes[index + 1]).toBe(sizes[index]);
  // 60 ms a round at 2 ms a cycle.
  expect(sizes.at(-1)).toBe(30);
});

test('a target that is short of room makes the rounds of both smaller, after the turn', () => {
  const sizer = new PairSizer('auto', 1);
  const turn = () => {
    sizer.observe(sizer.meanCycles, sizer.meanCycles, 60);
    sizer.endTurn();
  };
  for (let index = 0; index < 10; index += 1) turn();
  expect(sizer.meanCycles).toBe(60);
  sizer.shrink();
  expect(sizer.meanCycles).toBe(60);
  turn();
  expect(sizer.meanCycles).toBe(30);
});
