import { describe, expect, it } from 'vitest';
import { waitingWords } from '../../src/cli/progress.ts';
import { Status } from '../../src/cli/status.ts';
import { screenOf } from '../support/screen.ts';

/** A status on a terminal of this many columns, and a time that is set. */
function onTerminal(columns: number) {
  let output = '';
  const time = { now: 0 };
  const sink = {
    isTTY: true,
    columns,
    write: (text: string) => {
      // The terminal itself makes a new line of this.
      output += text.replaceAll('\n', '\r\n');
    },
  };
  const status = new Status(
    () => sink,
    () => time.now,
  );
  return { status, time, screen: () => screenOf(output, columns) };
}

const unreachable = {
  host: 'open.feishu.cn',
  because: 'unreachable',
  code: 'ENOTFOUND',
  waitMs: 4000,
  repeat: 3,
  of: 5,
} as const;

const wording = (leftMs: number): string => waitingWords(unreachable, leftMs);

describe('the line that tells how the work goes on', () => {
  it('says what is waited for while it is, and then how far the work is', () => {
    const { status, time, screen } = onTerminal(100);
    status.show(() => 'Reading events: 1 of 300, 2 calls');
    expect(screen()[0]).toMatch(/^. Reading events: 1 of 300, 2 calls$/);
    status.waiting(unreachable.waitMs, wording);
    expect(screen()[0]).toMatch(
      /^. open\.feishu\.cn cannot be reached \(ENOTFOUND\), trying again in 4 s \(3 of 5\)$/,
    );
    time.now = 4000;
    status.hide();
    expect(screen()).toEqual([]);
  });

  it('stays on one line of a narrow terminal', () => {
    const { status, screen } = onTerminal(40);
    status.show(() => 'Reading events: 1200 of 5000, 1300 calls, about 4m left');
    status.waiting(unreachable.waitMs, wording);
    status.waiting(unreachable.waitMs, wording);
    expect(screen()).toHaveLength(1);
    status.hide();
    expect(screen()).toEqual([]);
  });

  it('says what a stop waits for, and leaves that on the screen', () => {
    const { status, screen } = onTerminal(80);
    status.inFlight(8);
    status.show(() => 'Applying events: 1 of 2, 9 calls');
    status.stop();
    expect(screen()).toEqual(['Stopping: waiting for 8 calls. Interrupt again to stop immediately.']);
    status.waiting(unreachable.waitMs, wording);
    status.inFlight(1);
    expect(screen()).toEqual(['Stopping: waiting for 1 call. Interrupt again to stop immediately.']);
    status.hide();
    status.inFlight(0);
    expect(screen()).toEqual(['Stopping: waiting for 1 call. Interrupt again to stop immediately.']);
  });

  it('does not run into the keys of the stop, or into a question', () => {
    const { status, screen } = onTerminal(80);
    status.stop();
    expect(screen()).toEqual(['', 'Stopping. Interrupt again to stop immediately.']);
  });

  it('names the journal where all ends at once', () => {
    const { status, screen } = onTerminal(80);
    status.journalled('.rollcall/runs/r.ndjson');
    status.show(() => 'Applying events');
    status.stop();
    status.leave();
    expect(screen().at(-1)).toBe(
      'Stopped immediately. Its journal shows what was started: .rollcall/runs/r.ndjson',
    );
  });
});
