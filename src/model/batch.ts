import type { Platform } from './platform.ts';

/** Cuts a list into runs of at most `size`. */
export function chunk<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

/**
 * Removal batches of whole identities: an identity with several rows counts each of them, because the platform counts
 * the rows that a call names, and its rows stay together.
 */
export function removalBatches<T>(
  items: readonly T[],
  rowsOf: (item: T) => number,
  platform: Pick<Platform, 'removeBatch'>,
): T[][] {
  const batches: T[][] = [];
  let current: T[] = [];
  let rows = 0;
  for (const item of items) {
    const size = rowsOf(item);
    if (current.length > 0 && rows + size > platform.removeBatch) {
      batches.push(current);
      current = [];
      rows = 0;
    }
    current.push(item);
    rows += size;
  }
  if (current.length > 0) batches.push(current);
  return batches;
}

/** Addition batches within both caps: attendees a call, and rooms a call. Rooms are spread over as few calls as fit. */
export function additionBatches<T>(
  items: readonly T[],
  isRoom: (item: T) => boolean,
  platform: Pick<Platform, 'addBatch' | 'roomsPerAddBatch'>,
): T[][] {
  const rooms = items.filter(isRoom);
  const others = items.filter((item) => !isRoom(item));
  const batches: T[][] = [];
  while (rooms.length > 0 || others.length > 0) {
    const batch = rooms.splice(0, platform.roomsPerAddBatch);
    batch.push(...others.splice(0, platform.addBatch - batch.length));
    // A platform without rooms never gets one here; without this check a bug there would not end.
    if (batch.length === 0) throw new RangeError('rooms cannot be added on this platform');
    batches.push(batch);
  }
  return batches;
}
