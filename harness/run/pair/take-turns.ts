/** What takes turns with another of its kind. */
export interface TurnTaker {
  /** May drive another round. */
  readonly mayGoOn: boolean;
  round(): Promise<void>;
}

/**
 * Rounds of two in turns, in ABBA order: drift of the machine that is steady over four rounds falls on both alike. Who
 * may not go on any more is left out; the other goes on alone.
 * @param enough asked after each turn
 */
export async function takeTurns(
  [one, other]: readonly [TurnTaker, TurnTaker],
  { endTurn, enough }: { readonly endTurn: () => void; readonly enough: () => boolean },
): Promise<void> {
  for (let turn = 0; one.mayGoOn || other.mayGoOn; turn += 1) {
    const order = turn % 2 === 0 ? [one, other] : [other, one];
    for (const taker of order) if (taker.mayGoOn) await taker.round();
    endTurn();
    if (enough()) return;
  }
}
