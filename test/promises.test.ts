import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Proof, gapsBetween, titlesIn } from './support/claims.ts';
import { claimsIn } from './support/pages.ts';
import { root } from './support/cli.ts';

/** Each line of "What it promises" in `docs/guards.md`, and the tests that show it. */
const proofs: Readonly<Record<string, Proof>> = {
  'If a list cannot be read to its end, nobody is removed: the event is `unknown`, the others go on.': {
    'test/e2e/plan.test.ts': [
      'rollcall plan > makes an event that cannot be read unknown, and goes on with the others',
    ],
    'test/e2e/faults.test.ts': [
      'rows that move while the list is read > each time: the event is unknown, and nothing is written',
      'what may be asked again > ends in an event that is unknown where reads fail for good',
    ],
    'test/providers/feishu/list.test.ts': ['listing > never takes a failed page for an empty one'],
    'test/providers/dingtalk/read.test.ts': ['listing > never takes %s for an empty page'],
    'test/property/fuzz-answers.test.ts': [
      'answers of every kind are read, or refused with a reason > from Feishu',
      'answers of every kind are read, or refused with a reason > from DingTalk',
    ],
  },
  'The organizer, anyone listed in `ignore`, and people of other tenants (unless `external: remove`) are never removed.':
    {
      'test/property/diff.test.ts': ['organizers, the ignored and externals that are kept are never removed'],
      'test/diff/exempt.test.ts': [
        'the organizer > is kept where the listing marks it',
        'the organizer > is kept where only the look names it, beside the one of the path',
        'ignore > by %s keeps exactly that',
        'external > keep protects users and chats, not addresses and rooms',
        'external > remove protects none of them',
      ],
      'test/e2e/dingtalk.test.ts': [
        'a DingTalk plan > never removes the organizer of the path or of the event, with ids that need encoding',
      ],
      'test/applier/rereading.test.ts': ['never removes whoever organizes the event by now, as seen %s'],
    },
  'By default a plan is refused if it would empty an event, remove everyone from one with three or more, or remove more than five people who are over half. Raise `guards`, or pass `--allow-removals NAME=N`.':
    {
      'test/applier/additions-seen.test.ts': [
        'where everybody is to be replaced > additions without effect leave everybody there, and the event is refused',
      ],
      'test/diff/guards.test.ts': [
        'empty > refuses to remove the last',
        'max-removals, unless the manifest says otherwise > removing %d of %d is refused: %s',
        'max-removals, unless the manifest says otherwise > refuses to remove all of 3 even when as many take their place',
        'what is allowed > %s, of 299 removals that are all, leaves %j',
      ],
      'test/e2e/plan.test.ts': ['rollcall plan > refuses to leave nobody, prints the plan and exits with 3'],
      'test/applier/rereading.test.ts': [
        'guards are checked again against what is live',
        'newcomers make no room for removals',
      ],
    },
  'A run with more than 1000 removals writes nothing at all, unless `--max-removals` allows it.': {
    'test/diff/guards.test.ts': ['%d removals in a run of at most %d are refused: %s'],
    'test/e2e/apply.test.ts': ['rollcall apply > writes nothing at all where the run would remove too many'],
    'test/applier/rereading.test.ts': ['a tripped run guard stops all, whatever the events say'],
  },
  '`plan`, `show`, `find`, `import`, `who` and `validate` use a read-only client, which has no call that writes.':
    {
      'test/imports.test.ts': ['the import table > %s loads nothing that writes to a platform'],
      'test/providers/feishu/session.test.ts': [
        'a session > hands out a reader that has nothing to write with',
      ],
      'test/providers/dingtalk/write.test.ts': [
        'a session > hands out a reader that has nothing to write with',
      ],
    },
  '`apply --plan` does exactly what the plan says. A plan that was edited, is too old, was redacted or belongs to another account is refused.':
    {
      'test/e2e/saved-plan.test.ts': [
        'a saved plan > is what happens: newcomers stay, what is so already is dropped, a second time writes nothing',
        'a saved plan > is refused before any call: another format, no plan, an old one, another host, options that choose',
      ],
      'test/cli/saved-plan.test.ts': [
        'a saved plan > is taken as it was made',
        'a saved plan > is refused when %s',
        'the account of a saved plan > %s',
      ],
      'test/e2e/redact.test.ts': ['--redact > refuses to apply a redacted plan, and shows it'],
    },
  'Anyone who joined after the plan was made is left alone and reported.': {
    'test/applier/rereading.test.ts': ['leaves those who came since the plan alone and names them'],
    'test/e2e/saved-plan.test.ts': [
      'a saved plan > is what happens: newcomers stay, what is so already is dropped, a second time writes nothing',
    ],
  },
  'A write is repeated only if the platform said that it did not take it; otherwise the event is read first.':
    {
      'test/providers/feishu/write.test.ts': [
        'a write > is not repeated after %s',
        'a write > is not repeated after a time-out',
        'a write > is repeated as it was after %i',
      ],
      'test/providers/dingtalk/write.test.ts': [
        'a write > is not repeated after %s',
        'a write > is repeated with the same key after %s',
      ],
      'test/applier/lost-answers.test.ts': [
        'a removal without an answer is read 2 s later before it is sent again',
        'an addition is sent again only after two readings 2 s apart lack it',
        'a deletion is looked at before it is sent again',
      ],
      'test/e2e/faults.test.ts': [
        'a lost answer > of an addition and of a removal that took effect is settled by reading',
      ],
    },
  'Each batch is in the journal, on disk, before it is sent.': {
    'test/applier/stream.test.ts': [
      'a consumer that does not ask for more stops the next effect',
      'a consumer that %s at a batch leaves that batch and all others unsent',
    ],
    'test/store/journal.test.ts': [
      'has each line on disk as soon as it is appended',
      'a line that cannot be written stops the run before the write',
    ],
  },
  'After a crash the next apply finishes the work and repeats nothing.': {
    'test/e2e/resume.test.ts': [
      'an apply that is killed > takes the steps that it is killed at',
      'an apply that is killed > at "%s", %s its effect, after %s, is finished by %s, and nothing is done twice',
    ],
  },
  'Exit code 0 means that every change was seen on the platform after it was written, except with `--no-verify` and for an unbinding, which the platform cannot be asked about.':
    {
      'test/property/apply.test.ts': ['apply keeps its laws over ${} schedules'],
      'test/applier/result-of.test.ts': ['answers %s with its exit code'],
      'test/applier/verification.test.ts': [
        'ends after the time that it is given, and says who is still there',
        'what was accepted and could not be read again is done, and not seen',
        'without verification nothing is read again, and the event is told as applied',
      ],
      'test/applier/lost-answers.test.ts': [
        'an unbinding that cannot be asked for is sent again until it is answered',
      ],
      'test/e2e/apply.test.ts': [
        'rollcall apply > says who is still there where the platform takes a removal and does not show it',
      ],
    },
  'One refused event never stops the others; a used-up quota stops all of them cleanly.': {
    'test/e2e/apply.test.ts': [
      'rollcall apply > applies the others where one event is refused, and exits with 4',
    ],
    'test/e2e/quota-exhausted.test.ts': [
      'a quota that is used up > of a tenant, said to %s, stops all events cleanly and says which were done',
      'a quota that is used up > of an organisation on DingTalk stops all events cleanly',
    ],
  },
  'Ctrl-C, SIGTERM and SIGHUP let the batches in flight finish, journal them and say what was done.': {
    'test/e2e/signals.test.ts': [
      'a signal > %s during a batch lets it finish, journals it, prints the result so far and exits with 130',
    ],
    'test/e2e/terminal.test.ts': [
      'on a terminal > Ctrl-C during a batch lets it finish, journals it and exits with 130; meanwhile a line lives',
      'on a terminal > SIGHUP during a batch does the same',
    ],
    'test/applier/interrupts.test.ts': [
      'stopped at any call, a run finishes what is in flight, tells all of it, and the next run finishes the rest',
    ],
  },
  '`rollcall revert JOURNAL` undoes the changes of a run that are still in place, and names what is lost, such as replies.':
    {
      'test/e2e/revert.test.ts': [
        'rollcall revert > brings the removed back as they were and takes the added off, and a second time changes nothing',
        'rollcall revert > leaves alone who came back or went since, and says so',
        'rollcall revert > exits with 1 where nothing can come back, and says what',
      ],
      'test/revert/revert.test.ts': ['its inverse > warns of what is irreversible: %s'],
      'test/property/revert.test.ts': ['%s, over ${} schedules'],
    },
  'No secret or token appears in any output, plan or journal.': {
    'test/e2e/secrets.test.ts': [
      'the search > finds a canary as %s',
      'no secret and no token is in > a plan in any format, a plan file, or what is told of requests',
      'no secret and no token is in > an apply that loses every answer, its journal, its undoing, an import and a shown plan',
      'no secret and no token is in > a plan of a server that repeats what it knows by %s',
      'no secret and no token is in > an apply that fails on a server that repeats what it knows',
      'no secret and no token is in > what is said of wrong credentials',
      'no secret and no token is in > what is left of a run that %s',
      'no secret and no token is in > what is said of a proxy that refuses and repeats what it was sent',
    ],
  },
};

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const english = claimsIn(read('docs/guards.md'), 'What it promises');

describe('what docs/guards.md promises', () => {
  it('is shown by tests, line by line', () => {
    expect(english.length).toBeGreaterThan(10);
    expect(gapsBetween(english, proofs)).toEqual([]);
  });

  it('is as many lines in Chinese', () => {
    expect(claimsIn(read('docs/zh/guards.md'), '承诺')).toHaveLength(english.length);
  });
});

describe('claims and their tests', () => {
  it('are the entries of lists, those of one heading where it is named', () => {
    const markdown = '- zero\n\n## One\n\n- a\n- b goes\n  on\n\n  apart\n\n## Two\n\n- c\n';
    expect(claimsIn(markdown)).toEqual(['zero', 'a', 'b goes on', 'c']);
    expect(claimsIn(markdown, 'One')).toEqual(['a', 'b goes on']);
    expect(claimsIn(markdown, 'Three')).toEqual([]);
  });

  it.each(['skip', 'todo', 'fails'])('are titles within groups, without tests that are off by .%s', (off) => {
    const source = `
      describe.each(['x'])('in %s', () => {
        it('holds', () => {});
        it.${off}('is off', () => {});
        describe.${off}('off', () => { it('is off too', () => {}); });
        test.each<[string, number]>([['it', 1]])(\`takes \${1} of %s\`, () => {});
      });
      expect(it('no test'));`;
    expect(titlesIn(source)).toEqual(['in %s > holds', 'in %s > takes ${} of %s']);
  });

  it.each<[string, Readonly<Record<string, Proof>>, string]>([
    ['a claim without an entry', {}, 'no test is named for: a'],
    ['an entry without tests', { a: { 'x.test.ts': [] } }, 'no test is named for: a'],
    [
      'an entry that nobody claims',
      { a: { 'x.test.ts': ['t'] }, b: { 'x.test.ts': ['t'] } },
      'nobody claims: b',
    ],
    ['a test that is not there', { a: { 'x.test.ts': ['t', 'u'] } }, 'x.test.ts has no test: u'],
    ['a file that is not there', { a: { 'y.test.ts': ['t'] } }, 'y.test.ts has no test: t'],
  ])('do not fit with %s', (_what, given, gap) => {
    expect(gapsBetween(['a'], given, (file) => (file === 'x.test.ts' ? ['t'] : []))).toEqual([gap]);
  });

  it('are looked for in files that are run as tests alone', () => {
    const title = 'attendees > some are removed, of a %s plan';
    expect(gapsBetween(['a'], { a: { 'test/contract/suite/every.ts': [title] } })).toHaveLength(1);
    expect(gapsBetween(['a'], { a: { 'test/none.test.ts': [title] } })).toHaveLength(1);
  });
});
