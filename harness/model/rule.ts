/**
 * Why a metric got its verdict. Each finding names one of these rules, with the numbers that it compared; rules are asked
 * in the order of this list, first those on driving, then those on rests and on the cause, which go before them.
 */
export const ruleExplanations = {
  unread: 'It could not be read at most of the last floors.',
  'within-bound': 'It is a gauge with a bound, and its last values stay within the bound.',
  'above-bound': 'It is a gauge with a bound, and its last values stay above the bound.',
  'cycles-stand-still': 'No cycles were driven in the later half of the floors, so there is no growth per cycle.',
  'too-few-floors': 'There are too few floors for a slope.',
  'runs-dry': 'It is a level that falls steadily, or that reached new lows again and again.',
  'heap-bears-no-objects': 'Objects seem to stay, but the heap is certified to grow by less than they would take.',
  'steady-growth':
    'Its whole interval lies above what is allowed, the later half of the cycles kept the pace of the earlier one, and it grew by more, or for longer, than a cache or a pool that fills.',
  'held-by-leaking-entries': 'It grows steadily beside counted entries that leak, so it is what those entries hold.',
  'growth-in-doublings':
    'Each of the last doublings of the cycles, or each of the last steps, brought as much a cycle as the one before.',
  'growth-by-the-clock': 'It surely grows, and time explains the growth far better than the cycles do.',
  'table-may-double': 'Both of the last doublings of the cycles brought more than passes: a table may be doubling.',
  certified: 'Its whole interval lies below the budget, and growth that the allowance does not explain is excluded.',
  'may-be-filling': 'It grows steadily, but a cache or a pool that still fills would look the same so far.',
  'grows-in-steps': 'It grew in steps of which the last came late: a longer run shows whether further ones follow.',
  'slows-down': 'It grows, but the later half of the cycles brought less a cycle than the earlier one.',
  'run-too-short': 'So few cycles would need a wider budget than any run may have.',
  'grows-below-budget':
    'It surely grows, by less than the default budget: only a budget that the user gives lets lasting growth pass.',
  'warm-up-may-explain-it':
    'It lies above the budget, but grew by no more so far than a warm-up or one step may bring.',
  'noise-hides-it': 'Its interval reaches from below the budget to above it.',
  'goes-on-at-rest': 'It went on growing while the target rested, so time brings it and no cycle.',
  'window-is-full': 'It grew on at rest for a while and then stopped: a window over time that is full.',
  'due-later':
    'A timer that has not fired yet, or entries that name a time until which they are kept: what seems to leak may go then.',
  'kept-while-in-use':
    'Time gave it back where nothing was asked of the target; while cycles were driven for longer, it grew as before.',
  'flat-from-rest-to-rest':
    'Driving could not decide, or many more cycles slowed it down, or time alone gave some of it back: nothing stays from one rest to the next.',
  'grows-from-rest-to-rest':
    'Driving could not decide, or it slowed down, or time gave some of it back: from rest to rest it grew on at its pace, for longer than what fills.',
  'unclear-from-rest-to-rest':
    'Driving could not decide, or growth slowed down, or time gave some of it back, or still did at the end of a long rest. How much stays from rest to rest is not known yet.',
  'holder-has-room':
    'It grows steadily in a collection whose code limits its entries. That limit is not reached yet, or was reached just before the last reading.',
  'freed-by-a-snapshot':
    'It grows from floor to floor, but two heap snapshots of the same pass are equal in size: nothing holds it.',
  'pages-follow-the-heap': 'The heap and its buffers explain most of the growth of the pages.',
  'pages-grow-with-threads': 'The pages grow steadily beside threads that leak.',
  'pages-outgrow-the-heap': 'The pages grow by many MiB in a straight line that nothing inside explains.',
  'pages-may-outgrow-the-heap': 'The pages grow steadily, by less than an allocator was seen to keep.',
  'pages-are-kept-by-the-allocator': 'The pages grew by more than the heap, but not steadily.',
  'grows-with-sampling': 'The rounds without cycles show that reading the target makes it grow.',
  'idle-level': 'A level at rest is compared with its budget: three quarters of the readings decide.',
  'peak-level':
    'It is the most of a round. A budget limits it, and one round above that is enough; without a budget it decides nothing.',
  'curve-grows':
    'Its readings surely grow over the whole record, go on in its later half at half of the earlier pace or more, and grew by more than a day may bring.',
  'curve-within-budget': 'Its whole interval lies below the budget that was given for it.',
  'curve-stays': 'Over the whole record it surely grew by no more than a twentieth of its level.',
  'curve-slows-down': 'It grew, but its later half kept less than half of the earlier pace.',
  'curve-may-follow-the-day':
    'It grew steadily, but a daily rhythm or a collector may bring as much in so short a record.',
  'curve-falls-back': 'It fell at once by most of what it had moved, and nothing shows whether that was a restart.',
  'curve-begins-late': 'It surely grows in its later half, and did not before.',
  'curve-too-short': 'It has too few readings for a slope of each of its halves.',
  'curve-unclear': 'Its interval reaches from no growth to growth that matters.',
  'throughput-collapsed': 'Throughput fell to almost nothing for several rounds in a row.',
  'success-collapsed': 'The success rate fell for several rounds in a row.',
} as const;

export type RuleName = keyof typeof ruleExplanations;

/** The rule that made a decision, with the numbers that it compared, in the metric's unit a cycle unless named otherwise. */
export interface AppliedRule {
  readonly name: RuleName;
  readonly numbers: Readonly<Record<string, number>>;
}
