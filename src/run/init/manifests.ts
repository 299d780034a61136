import { apiVersion } from '../../manifest/manifest.ts';
import type { EventRef } from '../../model/event.ts';
import type { UserIdKind } from '../../model/platform.ts';
import { type ProviderId, platforms } from '../../platforms/index.ts';

/** What stands in the first manifests where an id belongs. */
const placeholder = 'replace-me';

/** Whether an event is one of the first manifests as it was written: nobody has said yet which event it is. */
export function isPlaceholder({ calendarId, organizer, eventId }: EventRef): boolean {
  return [calendarId, organizer, eventId].includes(placeholder);
}

/** A first manifest, without the line for editors. */
export interface FirstManifest {
  readonly path: string;
  readonly text: string;
}

/**
 * An Event, a Roster and a Directory that go together and are valid. Their ids are placeholders: no event has such an id,
 * so that a plan of them finds nothing to change.
 */
export function firstManifests(provider: ProviderId): FirstManifest[] {
  const { event, title } = platforms[provider];
  const [kind]: readonly (UserIdKind | undefined)[] = event.userIds;
  const ending = event.people === 'email' ? '@example.com' : '';
  const person = `${kind?.prefix ?? ''}${placeholder}${ending}`;
  const calendar =
    event.calendarId === 'required'
      ? [`  calendarId: ${placeholder} # rollcall find calendars --provider ${provider}`]
      : [];
  const organizer =
    event.organizer === 'required'
      ? [`  organizer: ${placeholder} # whose event it is: rollcall find people --provider ${provider}`]
      : [];
  return [
    {
      path: 'manifests/first-meeting.yaml',
      text: `# One meeting on ${title}, and who is invited. The ids are placeholders: "rollcall find" shows the real ones, and
# "rollcall import" writes a manifest like this one of an existing meeting.
apiVersion: ${apiVersion}
kind: Event
metadata:
  name: first-meeting # what plans and guards call it
spec:
  provider: ${provider}
${[...calendar, ...organizer].join('\n')}
  eventId: ${placeholder} # rollcall find events --provider ${provider}
  attendees:
    - roster: team
`,
    },
    {
      path: 'manifests/rosters/team.yaml',
      text: `# People who come to the same meetings. A Roster may hold other Rosters.
apiVersion: ${apiVersion}
kind: Roster
metadata:
  name: team
spec:
  members:
    - person: first.person
`,
    },
    {
      path: 'manifests/people.yaml',
      text: `# Everybody once, by the handle that Rosters and Events use.
apiVersion: ${apiVersion}
kind: Directory
metadata:
  name: people
spec:
  people:
    first.person: { name: First Person, ${provider}: ${person} }
`,
    },
  ];
}
