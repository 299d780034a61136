import { counted } from '../model/say.ts';
import type { Sink } from './surroundings.ts';

const frames = ['|', '/', '-', '\\'];
const frameMs = 120;

/**
 * What stderr says of the work while it goes on: on a terminal one line, drawn anew in its place. It installs no
 * handler and keeps no process alive.
 */
export class Status {
  readonly #stderr: () => Sink;
  readonly #now: () => number;
  #words: (() => string) | null = null;
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;
  #inFlight = 0;
  #waiting: { readonly words: (leftMs: number) => string; readonly until: number } | null = null;
  #stopping = false;
  #left: string | null = null;

  constructor(stderr: () => Sink, now: () => number) {
    this.#stderr = stderr;
    this.#now = now;
  }

  /** Shows a line until it is hidden. */
  show(words: () => string): void {
    this.#words = words;
    this.#timer ??= setInterval(() => {
      this.#draw();
    }, frameMs).unref();
    this.#draw();
  }

  /** Takes the line away; what was said of a stop stays. */
  hide(): void {
    if (this.#words === null) return;
    this.#draw();
    this.#words = null;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stderr().write(this.#stopping ? '\n' : '\r\u001b[K');
  }

  /** Told how many calls are in flight. */
  inFlight(count: number): void {
    this.#inFlight = count;
    if (this.#stopping) this.#draw();
  }

  /** Told of a call that waits so long for another try, and what to say of it. */
  waiting(waitMs: number, words: (leftMs: number) => string): void {
    this.#waiting = { words, until: this.#now() + waitMs };
    this.#draw();
  }

  /** Told where the run is journalled. */
  journalled(path: string): void {
    this.leaves(`Its journal shows what was started: ${path}`);
  }

  /** Told what to say where all ends at once. */
  leaves(words: string | null): void {
    this.#left = words;
  }

  /** Says that the work is being stopped, and what it still waits for. */
  stop(): void {
    this.#stopping = true;
    const stderr = this.#stderr();
    // A terminal shows the keys of the stop, or a question, on the current line.
    if (this.#words === null) stderr.write(`${stderr.isTTY === true ? '\n' : ''}${this.#stopWords()}\n`);
    else this.#draw();
  }

  /** Says what is left behind where all ends at once. */
  leave(): void {
    const left = this.#left === null ? '' : ` ${this.#left}`;
    this.#stderr().write(`${this.#words === null ? '' : '\n'}Stopped immediately.${left}\n`);
  }

  #draw(): void {
    if (this.#words === null) return;
    const { columns } = this.#stderr();
    this.#frame = (this.#frame + 1) % frames.length;
    const text = this.#stopping ? this.#stopWords() : `${frames[this.#frame]} ${this.#line(this.#words)}`;
    // The words hold no wide characters. A full line would break, and a broken one cannot be drawn over.
    this.#stderr().write(`\r\u001b[K${columns ? text.slice(0, columns - 1) : text}`);
  }

  #line(words: () => string): string {
    if (this.#waiting === null) return words();
    const left = this.#waiting.until - this.#now();
    return left <= 0 ? words() : this.#waiting.words(left);
  }

  #stopWords(): string {
    return `Stopping${this.#inFlight === 0 ? '' : `: waiting for ${counted(this.#inFlight, 'call')}`}. Interrupt again to stop immediately.`;
  }
}
