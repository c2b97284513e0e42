/** A receiver of events has gone. */
export interface ReceiverGone {
  readonly receiver: number;
}
