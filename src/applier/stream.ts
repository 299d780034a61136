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

/** Keeps items for good before anybody acts on them. What it throws ends the stream. */
export type Keep<T> = (items: readonly T[]) => void | Promise<void>;

/**
 * Runs work that goes on side by side and tells of it in one stream. Each step waits until its own item was kept and
 * pulled past, so what is done with an item (writing it to disk) is over before the step's effect begins. What happens at
 * the same time is kept together.
 *
 * @throws whatever `work` rejects with, after the items it told before.
 */
export async function* streamOf<T>(
  work: (emit: Emit<T>) => Promise<void>,
  keep?: Keep<T>,
): AsyncGenerator<T, void, undefined> {
  const queue: Waiting<T>[] = [];
  let wake: () => void = () => {};
  let closed = false;
  let finished = false;
  const emit: Emit<T> = (item) =>
    new Promise((release, cancel) => {
      if (closed) {
        cancel(new StreamClosed('nobody reads the stream any more'));
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
  let group: Waiting<T>[] = [];
  try {
    for (;;) {
      if (queue.length === 0 && finished) break;
      if (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      group = await taken(queue, keep);
      for (let next = group.shift(); next !== undefined; next = group.shift()) {
        try {
          yield next.item;
        } catch (error) {
          next.cancel(new StreamClosed('the consumer failed'));
          throw error;
        }
        next.release();
      }
    }
  } finally {
    closed = true;
    for (const waiting of [...group, ...queue.splice(0)])
      waiting.cancel(new StreamClosed('nobody reads the stream any more'));
  }
  await running;
}

/** The items of this moment, kept. */
async function taken<T>(queue: Waiting<T>[], keep?: Keep<T>): Promise<Waiting<T>[]> {
  if (keep === undefined) return queue.splice(0, 1);
  // Answers that are there already are dealt with first: one visit to the disk is enough for all.
  await new Promise((resolve) => setImmediate(resolve));
  const group = queue.splice(0);
  try {
    await keep(group.map(({ item }) => item));
  } catch (error) {
    for (const { cancel } of group) cancel(new StreamClosed('it could not be kept'));
    throw error;
  }
  return group;
}
