import type { PastChange } from '../../model/history.ts';
import type { ChangeOutcome, Origin } from '../../model/result.ts';
import { momentWords } from './moment.ts';

const doneWords: Readonly<Record<PastChange['action'], string>> = {
  remove: 'removed',
  add: 'added',
  reply: 'put back the reply of',
  'unbind-chat': 'unbound the meeting chat',
  'delete-event': 'deleted the event',
};

const otherWords: Readonly<Record<Exclude<ChangeOutcome, 'done'>, string>> = {
  already: 'already in the desired state',
  failed: 'failed',
  unknown: 'outcome unknown',
  'not-attempted': 'not attempted',
};

/** Changes of one run to one event. */
export interface PastEvent {
  readonly when: string;
  readonly run: string;
  /** What kind of run, and whose. */
  readonly by: string;
  readonly name: string;
  readonly provider: PastChange['event']['provider'];
  readonly rows: readonly {
    readonly sign: '-' | '+' | '!';
    readonly words: string;
    /** Empty: the event itself. */
    readonly who: string;
    /** Empty: it was done. */
    readonly outcome: string;
    /** The manifest's line; empty where it is not known. */
    readonly line: string;
  }[];
}

/** The past event by event, the latest first. */
export function historyView(changes: readonly PastChange[], timeZone: string): PastEvent[] {
  const groups = new Map<string, PastChange[]>();
  for (const change of changes) {
    const key = JSON.stringify([change.run, change.event.name]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [change]);
    else group.push(change);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { at, run, kind, tenant, origin, event } = first;
    return {
      when: momentWords(at, timeZone),
      run,
      by: [kind, ...(tenant === null ? [] : [`tenant ${tenant}`]), ...originWords(origin)].join(', '),
      name: event.name,
      provider: event.provider,
      rows: group.map(rowOf),
    };
  });
}

function rowOf({ action, attendee, outcome, source }: PastChange): PastEvent['rows'][number] {
  const { id = '', name } = attendee ?? {};
  return {
    sign:
      outcome === 'failed' || outcome === 'unknown'
        ? '!'
        : action === 'add' || action === 'reply'
          ? '+'
          : '-',
    words: doneWords[action],
    who: name === undefined || name === id ? id : `${name} (${id})`,
    outcome: outcome === 'done' ? '' : otherWords[outcome],
    line: source === null ? '' : `${source.file}:${source.line}`,
  };
}

function originWords({ commit, repository, job, actor }: Origin): string[] {
  return [
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 12)}`]),
    ...(repository === undefined ? [] : [repository]),
    ...(actor === undefined ? [] : [`by ${actor}`]),
    ...(job === undefined ? [] : [job]),
  ];
}
