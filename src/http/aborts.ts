/** Has a function called when a signal aborts. Answers what takes it back. */
export type OnAbort = (signal: AbortSignal, call: () => void) => () => void;

/**
 * Listens to each signal once, however many calls wait for it, and no longer than one of them does. Listeners that were
 * taken off a signal still point to later ones, so with one a call, everything that the calls of a run have read is kept
 * until the whole heap is collected.
 */
export function createOnAbort(): OnAbort {
  const waiting = new WeakMap<AbortSignal, Set<() => void>>();
  const tell = ({ target }: Event): void => {
    for (const call of (target instanceof AbortSignal && waiting.get(target)) || []) call();
  };
  return (signal, call) => {
    const calls = waiting.get(signal) ?? new Set();
    waiting.set(signal, calls);
    if (calls.size === 0) signal.addEventListener('abort', tell, { once: true });
    calls.add(call);
    return () => {
      if (calls.delete(call) && calls.size === 0) signal.removeEventListener('abort', tell);
    };
  };
}
