/** Tells one step; resolves when the consumer has dealt with it and asks for more. Rejects once nobody listens. */
export type Emit<T> = (item: T) => Promise<void>;

interface Waiting<T> {
  readonly item: T;
  readonly release: () => void;
  readonly cancel: (reason: Error) => void;
}

/** The consumer went away before the work was done: it takes no further step. */
export class StreamClosed extends Error {
  override readonly name = 'StreamClosed';
}

/**
 * Runs work that goes on side by side and tells of it in one stream. Each step waits until its own item was pulled
 * past, so what the consumer does with an item (writing it to disk) is over before the step's effect begins.
 *
 * @throws whatever `work` rejects with, after the items it told before.
 */
export async function* streamOf<T>(
  work: (emit: Emit<T>) => Promise<void>,
): AsyncGenerator<T, void, undefined> {
  const queue: Waiting<T>[] = [];
  let wake: () => void = () => {};
  let closed = false;
  let finished = false;
  const emit: Emit<T> = (item) =>
    new Promise((release, cancel) => {
      if (closed) {
        cancel(new StreamClosed('the stream is no longer being read'));
        return;
      }
      queue.push({ item, release, cancel });
      wake();
    });
  const running = work(emit).finally(() => {
    finished = true;
    wake();
  });
  // It is awaited at the end; until then nobody has to hear of its failure.
  running.catch(() => {});
  try {
    for (;;) {
      const next = queue.shift();
      if (next !== undefined) {
        try {
          yield next.item;
        } catch (error) {
          next.cancel(new StreamClosed('the consumer failed'));
          throw error;
        }
        next.release();
      } else if (finished) {
        break;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    closed = true;
    for (const waiting of queue.splice(0))
      waiting.cancel(new StreamClosed('the stream is no longer being read'));
  }
  await running;
}
