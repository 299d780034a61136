/** At most `calls` in any stretch of `perMs` milliseconds. */
export interface Window {
  readonly calls: number;
  readonly perMs: number;
}

/** A call over a window: which, and how long until one is free, in milliseconds. */
export interface Refused {
  readonly window: Window;
  readonly waitMs: number;
}

/** Sliding windows, each set counted by key (an API and an app). A refused call does not count. */
export class Quota {
  readonly #calls = new Map<string, number[]>();

  /** Counts one call, or one that counts for several; or says which window has no room for it. */
  take(key: string, windows: readonly Window[], now: number, units = 1): Refused | undefined {
    const longest = Math.max(...windows.map((window) => window.perMs));
    const calls = (this.#calls.get(key) ?? []).filter((at) => at > now - longest);
    for (const window of windows) {
      // The call that has to leave the window before the next one fits in.
      const blocking = calls[calls.length - window.calls + units - 1];
      if (blocking !== undefined && blocking > now - window.perMs) {
        this.#calls.set(key, calls);
        return { window, waitMs: blocking + window.perMs - now };
      }
    }
    for (let unit = 0; unit < units; unit += 1) calls.push(now);
    this.#calls.set(key, calls);
    return undefined;
  }
}
