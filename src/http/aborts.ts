/** Has a function called when a signal aborts. Answers what takes it back. */
export type OnAbort = (signal: AbortSignal, call: () => void) => () => void;

/**
 * Listens to each signal once, however many calls wait for it, and no longer than one of them does. Listeners that were
 * taken off a signal still point to later ones, so with one a call, everything that the calls of a run have read is kept
 * until the whole heap is collected. The same holds for a set: its tables, which it leaves behind as calls come and go,
 * point each to the next.
 */
export function createOnAbort(): OnAbort {
  const waiting = new WeakMap<AbortSignal, (() => void)[]>();
  const tell = ({ target }: Event): void => {
    const calls = target instanceof AbortSignal ? waiting.get(target) : undefined;
    // Some take themselves off the list meanwhile.
    for (const call of calls?.slice() ?? []) call();
  };
  return (signal, call) => {
    const calls = waiting.get(signal) ?? [];
    waiting.set(signal, calls);
    if (calls.length === 0) signal.addEventListener('abort', tell, { once: true });
    calls.push(call);
    return () => {
      const place = calls.indexOf(call);
      if (place < 0) return;
      calls.splice(place, 1);
      if (calls.length === 0) signal.removeEventListener('abort', tell);
    };
  };
}
