import type { History, PastChange } from '../model/history.ts';
import { platforms } from '../platforms/index.ts';
import { visible, visibleJson } from './escape.ts';
import { code, prose } from './markdown/escape.ts';
import { table } from './markdown/blocks.ts';
import type { Redactor } from './redact.ts';
import type { Ink } from './text/terminal.ts';
import { historyView } from './view/history.ts';

const nothing = 'The store has no such change.';
const more = 'There are older ones: narrow the search with --since, --event, --attendee or --run.';

/** `history --format text`: event by event, and within it person by person. */
export function* historyText(history: History, timeZone: string, ink: Ink): Generator<string> {
  if (history.changes.length === 0) yield `${nothing}\n`;
  const paint = { '-': ink.red, '+': ink.green, '!': ink.yellow };
  for (const { when, run, by, name, provider, rows } of historyView(history.changes, timeZone)) {
    yield `${ink.bold(visible(name))} (${platforms[provider].title}): ${visible(when)}\n`;
    yield `  run ${visible(run)}: ${visible(by)}\n`;
    for (const { sign, words, who, outcome, line } of rows) {
      const end = outcome === '' ? '' : `: ${outcome}`;
      const place = line === '' ? '' : `, ${line}`;
      yield `  ${paint[sign](sign)} ${visible(`${words}${who === '' ? '' : ` ${who}`}${place}${end}`)}\n`;
    }
  }
  if (!history.complete) yield `${more}\n`;
}

/** `history --format markdown`: a row a person. */
export function* historyMarkdown(history: History, timeZone: string): Generator<string> {
  const rows = historyView(history.changes, timeZone).flatMap((event) =>
    event.rows.map(({ words, who, outcome, line }) => [
      prose(event.when),
      code(event.name),
      outcome === '' ? words : `${words}: ${outcome}`,
      code(who),
      code(line),
      code(event.run),
      prose(event.by),
    ]),
  );
  yield '## rollcall history\n\n';
  if (rows.length === 0) yield `${nothing}\n`;
  else yield table({ head: ['when', 'event', 'change', 'who', 'line', 'run', 'by'], rows }).join('\n');
  if (!history.complete) yield `\n${more}\n`;
}

/** `history --format json`: `{ formatVersion, complete, changes }`. */
export function historyJson({ changes, complete }: History): string {
  return visibleJson(`${JSON.stringify({ formatVersion: '1', complete, changes }, null, 2)}\n`);
}

/** Without people: neither those of the events nor who made the runs. */
export function redactHistory(history: History, redactor: Redactor): History {
  redactor.number(history.changes.flatMap(({ attendee }) => attendee ?? []));
  return { ...history, changes: history.changes.map((change) => redacted(change, redactor)) };
}

function redacted(change: PastChange, redactor: Redactor): PastChange {
  const { event, attendee } = change;
  const { actor: _, ...origin } = change.origin;
  return {
    ...change,
    origin,
    event: { ...event, calendarId: redactor.calendar(event.calendarId) },
    attendee:
      attendee === null
        ? null
        : { type: attendee.type, id: redactor.label({ kind: attendee.type, id: attendee.id }) },
  };
}
