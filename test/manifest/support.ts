import { collectDiagnostics } from '../../src/manifest/diagnostics.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import { peopleOf } from '../../src/manifest/resolve/catalog.ts';
import { type Loaded, loadTexts } from '../../src/manifest/load.ts';
import type { Person } from '../../src/manifest/resolve/people.ts';
import { noLock } from '../../src/manifest/lock/read-lock.ts';
import { readManifests } from '../../src/manifest/read/read-manifests.ts';

/** The day that tests judge by. */
export const today = '2026-11-20';

/** Loads texts by file name, as a search in a folder would. */
export function load(files: Readonly<Record<string, string>>, asOf: string = today): Loaded {
  return loadTexts(
    Object.entries(files).map(([file, text]) => ({ file, text, named: false })),
    asOf,
  );
}

/** `code line:column` of each diagnostic of one text, warnings with a question mark. */
export function findings(text: string, others: Readonly<Record<string, string>> = {}): string[] {
  return load({ 'a.yaml': text, ...others }).diagnostics.map(
    ({ code, severity, source }) =>
      `${code}${severity === 'warning' ? '?' : ''} ${source?.file === 'a.yaml' ? '' : `${source?.file}:`}${source?.line}:${source?.column}`,
  );
}

/** A Feishu Event named `e`; `spec` begins in line 8, each line indented by two. */
export function feishu(spec: string, name = 'e'): string {
  const head = `apiVersion: rollcall.dev/v1\nkind: Event\nmetadata: { name: ${name} }\nspec:\n`;
  return `${head}  provider: feishu\n  calendarId: cal\n  eventId: ${name}_0\n${indent(spec)}`;
}

/** A DingTalk Event named `d`; `spec` begins in line 8. */
export function dingtalk(spec: string): string {
  const head = 'apiVersion: rollcall.dev/v1\nkind: Event\nmetadata: { name: d }\nspec:\n';
  return `${head}  provider: dingtalk\n  organizer: boss\n  eventId: d\n${indent(spec)}`;
}

/** A Roster; `spec` begins in line 5. */
export function roster(name: string, spec: string): string {
  return `apiVersion: rollcall.dev/v1\nkind: Roster\nmetadata: { name: ${name} }\nspec:\n${indent(spec)}`;
}

/** A Directory; the people begin in line 6. */
export function directory(people: string, name = 'people'): string {
  return `apiVersion: rollcall.dev/v1\nkind: Directory\nmetadata: { name: ${name} }\nspec:\n  people:\n${indent(people, 4)}`;
}

/** The people of one Directory's text. */
export function peopleIn(text: string): ReadonlyMap<string, Person> {
  const { report, list } = collectDiagnostics();
  const { manifests, lost } = readManifests({ file: 'people.yaml', text, named: true }, report);
  const people = peopleOf(manifests, lost, noLock, report);
  const [first] = list();
  if (first !== undefined) throw new Error(first.message);
  return people;
}

/** The only event that is loaded; fails where there is another number of them, or an error. */
export function onlyEvent(files: Readonly<Record<string, string>>, asOf: string = today): DesiredEvent {
  const { desired, diagnostics } = load(files, asOf);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [event] = desired.events;
  if (event === undefined || desired.events.length > 1 || errors.length > 0) {
    throw new Error(`${desired.events.length} events, ${JSON.stringify(errors)}`);
  }
  return event;
}

/** `type:id place via` of each wanted attendee, optional ones with a question mark. */
export function wanted(event: DesiredEvent): string[] | null {
  return (
    event.attendees?.map(({ type, id, optional, source, via }) =>
      [`${type}:${id}${optional ? '?' : ''}`, `${source.file}:${source.line}:${source.column}`, ...via].join(
        ' ',
      ),
    ) ?? null
  );
}

/** `identity reason place via` of each identity that is named and not wanted. */
export function unwanted(event: DesiredEvent): string[] {
  return [...event.unwanted]
    .map(([identity, { reason, source, via }]) =>
      [identity, reason, `${source.file}:${source.line}:${source.column}`, ...via].join(' '),
    )
    .sort();
}

function indent(text: string, by = 2): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(by));
}
