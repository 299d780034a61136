/** Has a function called when a signal aborts. Answers what takes it back. */
export type OnAbort = (signal: AbortSignal, call: () => void) => () => void;

/**
 * Listens to each signal once, however many calls wait for it. Listeners that were taken off a signal still point to
 * later ones, so with one a call, everything that the calls of a run have read is kept until the whole heap is
 * collected.
 */
export function createOnAbort(): OnAbort {
  const waiting = new WeakMap<AbortSignal, Set<() => void>>();
  return (signal, call) => {
    const calls = waiting.get(signal) ?? new Set();
    if (!waiting.has(signal)) {
      waiting.set(signal, calls);
      signal.addEventListener(
        'abort',
        () => {
          for (const one of calls) one();
        },
        { once: true },
      );
    }
    calls.add(call);
    return () => calls.delete(call);
  };
}
