import { kindOf, kindText } from '../../manifest/ids.ts';
import { type Diagnostic, diagnosticOf, type Problem } from '../../model/diagnostic.ts';
import type { Found, FoundPerson } from '../../model/found.ts';
import { type LockKey, type LockLine, type Need } from '../../model/lock.ts';
import { plain, quoted, type Said, say, who } from '../../model/say.ts';
import { type ProviderId, platforms } from '../../platforms/index.ts';
import type { Finder } from '../../providers/provider.ts';

/** With what people are looked up. */
export interface LookUpTools {
  readonly finderOf: (provider: ProviderId) => Finder;
  readonly signal: AbortSignal;
  /** When the answers are from, in ISO 8601. */
  readonly now: () => string;
  /** Told how many of how many people are answered. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface LookedUp {
  readonly lines: readonly LockLine[];
  /** Why ids are not known, an error for each. */
  readonly unresolved: readonly Diagnostic[];
}

/** What came of asking for somebody by one key. */
type Answer =
  | { readonly is: 'found'; readonly person: FoundPerson }
  | { readonly is: 'left' | 'several' | 'not-visible' | 'not-found' }
  | { readonly is: 'failed'; readonly problem: Problem };

/** Somebody on one platform, with all kinds of their id that are needed. */
interface Asked {
  readonly provider: ProviderId;
  readonly needs: readonly Need[];
  /** Those that the platform can look people up by, in its order. */
  readonly keys: readonly LockKey[];
}

/**
 * Looks for the ids that manifests need, each person once a platform: by the first of their keys that the platform takes,
 * by the next where that finds nobody. Nobody is taken for anybody else: one active person has to answer.
 *
 * @throws the signal's reason when it aborts.
 */
export async function lookUp(needs: readonly Need[], tools: LookUpTools): Promise<LookedUp> {
  const asked = askedOf(needs);
  let answered = 0;
  tools.onProgress?.(0, asked.length);
  const found = await Promise.all(
    [...new Set(asked.map(({ provider }) => provider))].map(async (provider) => {
      const own = asked.filter((one) => one.provider === provider);
      const answers = await answersOn(provider, own, tools, (count) => {
        answered += count;
        tools.onProgress?.(answered, asked.length);
      });
      return own.map((one) => outcomeOf(one, answers.get(one), tools.now()));
    }),
  );
  const outcomes = found.flat();
  return {
    lines: outcomes.flatMap(({ lines }) => lines),
    unresolved: outcomes.flatMap(({ unresolved }) => unresolved),
  };
}

function askedOf(needs: readonly Need[]): Asked[] {
  const byPerson = new Map<string, Need[]>();
  for (const need of needs) {
    const key = JSON.stringify([need.provider, need.person]);
    byPerson.set(key, [...(byPerson.get(key) ?? []), need]);
  }
  return [...byPerson.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { provider } = first;
    const keys = platforms[provider].peopleBy.flatMap((by) => first.keys.filter((key) => key.by === by));
    return [{ provider, needs: own, keys }];
  });
}

interface Answered {
  readonly key: LockKey;
  readonly answer: Answer;
}

/** Asks by everybody's first key, then by the next of those who were not found. */
async function answersOn(
  provider: ProviderId,
  asked: readonly Asked[],
  tools: LookUpTools,
  onProgress: (count: number) => void,
): Promise<ReadonlyMap<Asked, Answered>> {
  const answers = new Map<Asked, Answered>();
  let left = asked.filter(({ keys }) => keys.length > 0);
  onProgress(asked.length - left.length);
  for (let round = 0; left.length > 0; round += 1) {
    const open: Asked[] = [];
    const before = left.length;
    for (const by of platforms[provider].peopleBy) {
      const own = left.flatMap((one) => {
        const key = one.keys[round];
        return key?.by === by ? [{ one, key }] : [];
      });
      if (own.length === 0) continue;
      const texts = [...new Set(own.map(({ key }) => key.value))];
      const found = await tools.finderOf(provider).find('people', { texts, by }, tools.signal);
      tools.signal.throwIfAborted();
      for (const { one, key } of own) {
        const answer = answerIn(found, key.value);
        const earlier = answers.get(one);
        if (earlier === undefined || says(answer) >= says(earlier.answer)) answers.set(one, { key, answer });
        if (says(answer) < says({ is: 'left' }) && one.keys[round + 1] !== undefined) open.push(one);
      }
    }
    onProgress(before - open.length);
    left = open;
  }
  return answers;
}

/** How much an answer says: nothing but who was found or has left ends the search. */
function says({ is }: Pick<Answer, 'is'>): number {
  return ['not-found', 'not-visible', 'failed', 'several', 'left', 'found'].indexOf(is);
}

function answerIn(found: Found<FoundPerson>, text: string): Answer {
  const people = found.items.filter(({ asked }) => asked.includes(text));
  const there = people.filter(({ status }) => status !== 'left');
  const [person, other] = there;
  if (person !== undefined) return other === undefined ? { is: 'found', person } : { is: 'several' };
  if (people.length > 0) return { is: 'left' };
  if (!found.complete) return { is: 'failed', problem: found.problem };
  const missing = found.missing.find(({ query }) => query === text);
  // Who is not among the missing was not looked for to the end.
  return { is: missing?.reason ?? 'not-visible' };
}

function outcomeOf(
  { needs, provider }: Asked,
  answered: Answered | undefined,
  resolvedAt: string,
): { readonly lines: readonly LockLine[]; readonly unresolved: readonly Diagnostic[] } {
  if (answered?.answer.is !== 'found') {
    const [first] = needs;
    return { lines: [], unresolved: first === undefined ? [] : [unresolved(first, answered)] };
  }
  const { key, answer } = answered;
  const ids = needs.map((need) => ({ need, id: answer.person.ids[need.idType] }));
  return {
    lines: ids.flatMap(({ need: { person, idType }, id }) =>
      id === undefined ? [] : [{ person, provider, id, idType, ...key, resolvedAt }],
    ),
    unresolved: ids.flatMap(({ need, id }) => (id === undefined ? [noId(need)] : [])),
  };
}

/** ` by the address "lisi@corp.com"`; nothing where somebody is called by that. */
function byText({ by, value }: LockKey, person: string): Said {
  if (value === person) return plain('');
  const words = { email: 'the address', mobile: 'the number', employeeNo: 'the job number' } as const;
  return say` by ${plain(words[by])} ${quoted(by === 'email' ? 'email' : 'user', value)}`;
}

function unresolved(need: Need, answered: Answered | undefined): Diagnostic {
  const { person, provider, source } = need;
  const title = plain(platforms[provider].title);
  const name = who('user', person);
  const error = (code: string, message: Said, hint: Said): Diagnostic =>
    diagnosticOf({ severity: 'error', code, message, hint, source });
  if (answered === undefined) {
    const takes = plain(`give the id, or one of: ${platforms[provider].peopleBy.join(', ')}`);
    return error(
      'person-not-looked-up',
      say`${title} cannot look up ${name} with what the manifests say`,
      takes,
    );
  }
  const { key, answer } = answered;
  const by = byText(key, person);
  switch (answer.is) {
    case 'not-found':
      return error(
        'person-not-found',
        say`${name} was not found on ${title}${by}, where the app may see everybody`,
        say`check the spelling; nobody is removed because of this`,
      );
    case 'not-visible':
      return error(
        'person-not-visible',
        say`${name} is not visible to this app on ${title}${by}: it may not see everybody`,
        say`let the app see more of the organisation, or check the spelling; nobody is removed because of this`,
      );
    case 'several':
      return error(
        'person-ambiguous',
        say`${title} has several people${by}, so it is not clear who ${name} is`,
        say`give the id in a Directory`,
      );
    case 'left':
      return error(
        'person-left',
        say`${name} has left the organisation, as ${title} says${by}`,
        say`write their last day in a Directory (\`left: YYYY-MM-DD\`), or remove the entry`,
      );
    case 'failed':
    case 'found': {
      const { message = '', hint } = answer.is === 'failed' ? answer.problem : {};
      const said = say`${name} could not be looked up on ${title}`;
      // What the platform says may name anybody: it is left out of the message without people.
      const whole = { text: `${said.text}: ${message}`, parts: said.parts };
      return error('person-not-looked-up', whole, plain(hint ?? 'try again'));
    }
  }
}

function noId({ person, provider, idType, source }: Need): Diagnostic {
  const { title, finds } = platforms[provider];
  const kind = kindOf(provider, idType);
  const what = kind === undefined ? plain(idType) : kindText(kind);
  const permissions = 'cannot' in finds.people ? [] : finds.people.permissions;
  return diagnosticOf({
    severity: 'error',
    code: 'person-no-id',
    message: say`${who('user', person)} is found on ${plain(title)}, but this app may not read their ${what}`,
    hint: plain(`grant the permission to look people up: ${permissions.join(', ')}`),
    source,
  });
}
