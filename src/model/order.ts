/** Lists: orders that outputs rely on, all by code point, so that no locale changes a plan or a digest; and parts. */

/** Compares by Unicode code point: unlike `<`, characters beyond U+FFFF come last. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    // A surrogate half stands for a code point above every other unit.
    const leftHigh = left >= 0xd800 && left <= 0xdfff;
    const rightHigh = right >= 0xd800 && right <= 0xdfff;
    return leftHigh === rightHigh ? left - right : leftHigh ? 1 : -1;
  }
  return a.length - b.length;
}

/** The texts in the order of {@link compareCodePoints}. */
export function sortedByCodePoint<Text extends string>(texts: readonly Text[]): Text[] {
  // The order of the language itself is the same but for characters beyond U+FFFF, and several times as fast.
  return /[\uD800-\uDFFF]/.test(texts.join('')) ? [...texts].sort(compareCodePoints) : [...texts].sort();
}

/** By type, then id. */
export function compareAttendees(
  a: { readonly type: string; readonly id: string },
  b: { readonly type: string; readonly id: string },
): number {
  return compareCodePoints(a.type, b.type) || compareCodePoints(a.id, b.id);
}

/** Parts of a list in its order, each of at most so many. */
export function chunks<T>(list: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / most) }, (_, at) =>
    list.slice(at * most, (at + 1) * most),
  );
}
