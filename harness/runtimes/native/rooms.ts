import type { RecordedSite } from './counter-file.js';

/**
 * Tables that one place makes anew when they are full, or the pieces of an arena, each larger than the one before. A map
 * may keep several.
 */
const roomsMax = 64;
const growthsMin = 3;
const roomBytesMin = 1024;

/** @param bytesBefore that were alive before the first cycle */
export function isRoom({ bytes, blocks, made }: RecordedSite, bytesBefore: number): boolean {
  const rooms = Math.max(1, blocks);
  return rooms <= roomsMax && made >= growthsMin && bytes >= roomBytesMin * rooms && bytes >= 2 * bytesBefore;
}
