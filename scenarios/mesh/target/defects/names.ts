/** What can be planted with `--defect`. */
export const defectNames = [
  'addresses-kept',
  'peer-topics-kept',
  'detached-drivers',
  'wakers-per-poll',
  'outbox-unbounded',
  'counters-kept',
  'unsubscribe-noop',
  'zombie-streams',
  'stream-ids-collide',
  'leave-topic-early',
  'operations-kept',
  'seen-ids-kept',
  'seen-ids-expire-only',
  'incoming-dropped',
  'incoming-dropped-until-full',
  'detached-downloads',
  'detached-imports',
  'untracked-retries',
  'stuck-hub',
  'notice-on-closed-port',
  'retry-on-closed-inbox',
] as const;

export type DefectName = (typeof defectNames)[number];
