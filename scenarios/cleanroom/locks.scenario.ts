import { type CycleContext, defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';

const accounts = 8;
/** What no account has. */
const tooMuch = 1_000_000;
const failEvery = 10;

interface Transfer {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/locks',
  summary: 'a transfer there and back on eight lanes, under the locks of both accounts; every tenth fails',
  operations: { transfer: operation({ create, destroy }) },
  concurrency: 8,
  defects: {
    'lock-order': {
      summary: 'locks are taken as they come: two transfers that cross wait for each other, and all others for them',
      audit: ['001-18'],
      expect: { verdict: 'stalled' },
    },
  },
  sound: ['001-17'],
});

async function create(context: CycleContext): Promise<Transfer | undefined> {
  const from = Math.floor(context.random() * accounts);
  const to = (from + 1 + Math.floor(context.random() * (accounts - 1))) % accounts;
  const fails = context.cycle % failEvery === 0;
  const transfer = { from, to, amount: fails ? tooMuch : 1 };
  await move(context, transfer);
  return fails ? undefined : transfer;
}

async function destroy(transfer: Transfer | undefined, context: CycleContext): Promise<void> {
  if (transfer !== undefined) await move(context, { ...transfer, from: transfer.to, to: transfer.from });
}

async function move({ target }: CycleContext, transfer: Transfer): Promise<void> {
  // Longer than it takes to see that nothing moves any more.
  const answer = await target.http.post('/transfers', transfer, { accept: [422], timeoutMs: 30_000 });
  if (answer.status === 422) return;
  const { total } = answer.json<{ total: number }>();
  if (total !== accounts * 1_000) throw new Error(`transfer: ${total} is what there is now`);
}
