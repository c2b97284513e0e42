import type { RunRecord } from '../../harness/model/run-record.js';
import { costsInOrder, costText, leavesSomething } from '../format/footprint.js';
import { alignColumns } from '../format/layout.js';
import { printable } from '../format/printable.js';
import { formatCount } from '../format/quantity.js';
import type { Style } from '../format/style.js';

const rowsAtMost = 8;

/** What one live object of each operation costs and leaves behind, a block an operation. */
export function footprintBlocks({ footprint = [] }: RunRecord, style: Style): string[][] {
  return footprint.map((held) => {
    const costs = costsInOrder(held);
    const rows = costs.slice(0, rowsAtMost).map((cost) => {
      const rest = leavesSomething(cost)
        ? style.yellow(`leaves ${costText(cost.residue, cost.unit)}`)
        : style.dim('leaves nothing');
      return [printable(cost.metric, 60), costText(cost.live, cost.unit), rest];
    });
    const howMany = style.dim(`${formatCount(held.objects, 'objects')} held, ${held.repeats} times over`);
    return [`one ${printable(held.operation, 60)}  ${howMany}`, ...alignColumns(rows)];
  });
}
