/** A heap is at its floor after so many collections at most, or once two readings agree to within so much. */
export const floorSettling = { maxReads: 5, toleranceBytes: 4_096 } as const;
