import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defaultMaxRemovals } from '../src/run/plan.ts';
import { maxSockets } from '../src/http/transport.ts';
import { maxAnswerBytes } from '../src/http/undici-transport.ts';
import { largestFile } from '../src/manifest/read/read-file.ts';
import { type Proof, gapsBetween } from './support/claims.ts';
import { claimsIn } from './support/pages.ts';
import { root } from './support/cli.ts';

const page = '.github/SECURITY.md';

const noSecret = [
  'a plan in any format, a plan file, or what is told of requests',
  'an apply that loses every answer, its journal, its undoing, an import and a shown plan',
  'a plan of a server that repeats what it knows by %s',
  'an apply that fails on a server that repeats what it knows',
  'what is said of wrong credentials',
  'what is left of a run that %s',
  'the embedded server: what it prints and the state that it keeps',
  'what is printed without any call: validate, schema, help and mistakes',
].map((title) => `no secret and no token is in > ${title}`);

/** Each claim of the page, known by how it begins because most are long, and the tests that show it. */
const proofs: Readonly<Record<string, Proof>> = {
  'A manifest author decides': {
    'test/diff/event-plan.test.ts': ['the limits > carry what the manifest sets, and nothing else'],
    'test/e2e/delete-event.test.ts': [
      'state: absent > is refused without a guard lifted, by name or in git, with one call an event',
    ],
  },
  'A plan reader sees': {
    'test/report/redact.test.ts': [
      'a redacted plan > names nobody as %s',
      'a redacted plan > hides the title, the organizer, the room contact and a calendar that is called by an address',
    ],
    'test/e2e/redact.test.ts': [
      '--redact > names nobody in a plan as %s, nor on stderr',
      '--redact > names nobody while it applies, keeps the journal whole, and calls people as the plan does',
    ],
    'test/store/plan-file.test.ts': ['is readable by its owner alone, also where another file stood'],
    'test/store/journal.test.ts': ['is a file of one run that its owner alone can read'],
  },
  'Anyone who can write to a plan file': {
    'test/cli/saved-plan.test.ts': [
      'a saved plan > is refused when %s',
      'a saved plan > is taken as it was made',
    ],
    'test/diff/digest.test.ts': [
      'the digest of a plan > does not depend on the digest that stands in the plan',
    ],
    'test/e2e/saved-plan.test.ts': [
      'a saved plan > is refused with a right digest where the manifests do not ask for it',
    ],
    'test/e2e/examples-ci.test.ts': [
      'github-two-apps.yml > applies the plan that was shown, of the app that is named and for what was merged, and nothing else',
    ],
  },
  'Whoever runs `rollcall smoke`': {
    'test/e2e/smoke/consent.test.ts': [
      'smoke > writes nothing without a terminal to ask on',
      'smoke > asks before each write',
      'smoke > names the event of --event where it asks for it, and leaves it alone after a no',
    ],
  },
  'Anyone who can write to a journal': {
    'test/e2e/revert.test.ts': [
      'rollcall revert > is held to the guards, and lifted as an apply is',
      "rollcall revert > refuses another account than the journal's, before any call",
      'rollcall revert > counts one event once for its guards, under %s',
    ],
    'test/revert/revert.test.ts': ['its inverse > is guarded by the defaults, and says so'],
    'test/property/lying-journals.test.ts': [
      'undoes by a lying journal nothing but what its lines say, within the guards of each event, over ${} schedules',
    ],
    'test/store/read-journal.test.ts': [
      'a journal > cut off at any byte gives the lines that are whole, and what is known by them',
      'a file that is no journal > with bytes that are no text is refused where they are no last line',
    ],
    'test/cli/revert.test.ts': [
      'shows the plan on a terminal, asks, and undoes the run for a yes',
      'changes nothing where %j is the answer',
    ],
  },
  'A CI job that plans': {
    'test/examples-ci.test.ts': [
      'whom %s trusts > nothing with more than it needs',
      'whom %s trusts > never the code of a pull request beside a secret that everybody could then use',
    ],
    'test/e2e/examples-ci.test.ts': [
      'github-two-apps.yml > applies the plan that was shown, of the app that is named and for what was merged, and nothing else',
    ],
  },
  "The app's secret comes": {
    'test/providers/account.test.ts': ['an account > of %s is read from the environment'],
    'test/providers/feishu/session.test.ts': [
      'a session > fetches one token for all its calls, and does not count it',
    ],
    'test/providers/dingtalk/write.test.ts': ['a session > fetches one token by key and secret'],
    'test/providers/google/tokens.test.ts': [
      'the token call > signs a request for the organizer, whose audience is the address that it is sent to',
      'the key file > that %s is a problem that names the variable and no byte of it',
    ],
    'test/e2e/secrets.test.ts': noSecret,
    'test/e2e/package.test.ts': [
      'what is installed > in its demo > leaves the credentials around it alone, and tells none',
    ],
  },
  'Reads may lag behind writes': {
    'test/applier/lost-answers.test.ts': [
      'an addition is sent again only after two readings 2 s apart lack it',
      'an addition that the second reading shows is not sent again',
    ],
  },
  'One event counts as one': {
    'test/e2e/revert.test.ts': ['rollcall revert > counts one event once for its guards, under %s'],
    'test/store/read-journal.test.ts': ['a file that is no journal > %s is refused by name and line'],
  },
  'Nothing locks an event': {
    'test/applier/together.test.ts': [
      'of two applies at once both may add, and neither removes whom the manifests want',
    ],
    'test/examples-ci.test.ts': ['whom %s trusts > lets applies wait for one another, and ends none'],
  },
  'The platform is believed': {
    'test/property/fuzz-answers.test.ts': [
      'answers of every kind are read, or refused with a reason > from Feishu',
      'answers of every kind are read, or refused with a reason > from DingTalk',
      'answers of every kind are read, or refused with a reason > to writes: done only where the platform says so',
    ],
    'test/providers/feishu/list.test.ts': ['listing > takes %s for a malformed list'],
    'test/providers/dingtalk/read.test.ts': ['listing > takes %s for a malformed list'],
    'test/report/escape.test.ts': ['text from outside > is made visible at any depth, and all else is kept'],
  },
  'The package is trusted': {
    'test/e2e/package.test.ts': [
      'the package > holds what runs, readable, and the types that a program can come across, of which each is a source',
      'the package > brings no copy of a package that npm installs with it',
    ],
    'test/dependencies.test.ts': ['package-lock.json > has a hash for each package, and no address'],
  },
  "Of a fleet's tenants": {
    'test/e2e/fleet.test.ts': [
      'fleet without a store > applies each tenant with the credentials of its folder, whatever the process has',
      'fleet without a store > asks anew for a token that ends in the middle of a run',
    ],
    'test/run/fleet/credentials.test.ts': [
      "a tenant's credentials > are the files of its folder, and nothing of the account of the process",
      "a tenant's credentials > say what is missing or cannot be read, and never a value",
    ],
    'test/manifest/tenants.test.ts': [
      'Tenants > are told apart by their names, and every mistake in one has its place',
    ],
  },
  'The shared store': {
    'test/e2e/store.test.ts': [
      'a store that cannot be used > ends %s before the platform is called, with host and database and no password',
      'a store that cannot be used > is told to be named wrongly with nothing of what it is named by: %s',
      'rollcall store > prints SQL for the user that is named, without a store and without its password',
    ],
    'test/store/postgres/address.test.ts': [
      'the address of the store > is refused as %s, with nothing of it shown',
      'the address of the store > has its password from a file that nobody else may read',
    ],
    'test/store/postgres/connect.test.ts': [
      'a store > does not let in whoever has %s, and nothing is said of it',
      'a store > is held to its certificate by %s',
    ],
  },
  'The environment is trusted': {
    'test/providers/account.test.ts': [
      'an account > may not be at %s',
      'an account > refuses the access token %j without showing it',
    ],
    'test/http/proxy.test.ts': ['the proxy > may not be %s, and the variable is named without its value'],
    'test/e2e/plan.test.ts': [
      'rollcall plan > names the variables where credentials are missing, and calls nothing',
      'rollcall plan > refuses the base URL %s',
    ],
  },
  'Run its own code': {
    'test/examples-ci.test.ts': [
      'whom %s trusts > never the code of a pull request beside a secret that everybody could then use',
    ],
    'test/e2e/examples-ci-hostile.test.ts': [
      'github-public.yml > takes what git has, byte for byte and by any name, whatever attributes say, and runs nothing of it',
    ],
  },
  'Name any event that the planning app': {
    'test/report/redact.test.ts': ['a redacted plan > %s is as its golden files have it'],
    'test/e2e/examples-ci.test.ts': [
      'github-public.yml > plans with the ids of the lock, and plans anew and applies after the merge, naming nobody',
    ],
  },
  'Once merged, have people added': {
    'test/diff/guards.test.ts': [
      'what is allowed > %s, of 299 removals that are all, leaves %j',
      'guards.maxRemovals > %s refuses %d of %d: %s',
      'guards.maxNotified %d against %d leaves %j',
      'a deletion under %j leaves %j',
    ],
  },
  'Show a plan file of its own making': {
    'test/cli/saved-plan.test.ts': [
      'the manifests beside a saved plan > are judged by the day that the plan says',
    ],
    'test/diff/follows.test.ts': ['does not mind events that the plan was not made for'],
  },
  'With such a plan file': {
    'test/diff/follows.test.ts': ['takes from the plan what is asked for once, when it is planned'],
  },
  'Get a secret from a fork': {
    'test/examples-ci.test.ts': [
      'whom %s trusts > never the code of a pull request beside a secret that everybody could then use',
    ],
    'test/e2e/examples-ci-hosts.test.ts': [
      '%s > takes no plan that a fork has left',
      'github-two-apps.yml > takes no plan that a branch has left under its name',
    ],
  },
  'Hide a manifest from the plan': {
    'test/e2e/examples-ci-hostile.test.ts': [
      'github-public.yml > takes what git has, byte for byte and by any name, whatever attributes say, and runs nothing of it',
      'github-public.yml > fails where a pull request brings %s',
      'github-public.yml > fails for a link among the manifests',
      'take.sh fails for %s among the manifests',
      'github-public.yml > fails where a file is changed, is missing or is there besides, on the way between its jobs',
      'what %s applies > is what git has of the merged commit, byte for byte, whatever lies in the checkout',
      'what %s applies > is nothing where a link is among the manifests',
    ],
  },
  'Name a host, a proxy or a secret': {
    'test/manifest/schema-rules.test.ts': ['an Event that breaks the schema > %s'],
    'test/manifest/shipped.test.ts': ['the schemas > of %s describe every key and let no other stand'],
  },
  'Reach another API': {
    'test/http/url.test.ts': ['a path segment > holds %s as %s', 'a path segment > is refused for %j'],
    'test/providers/feishu/list.test.ts': [
      'a refused list > is what an eventId of %j becomes, without a call',
    ],
    'test/providers/dingtalk/read.test.ts': [
      'listing > reads pages of 500 to the end, the first without a token, with every id encoded',
    ],
  },
  'Have somebody removed whom the merged': {
    'test/property/lying-plans.test.ts': [
      'does nothing by a lying plan that a plan made anew from the manifests would not do, over ${} schedules',
    ],
    'test/e2e/saved-plan.test.ts': [
      'a saved plan > is refused with a right digest where the manifests do not ask for it',
    ],
    'test/diff/follows.test.ts': [
      'refuses a change that the manifests do not make > %s',
      'refuses a change that the manifests do not make > a removal of the organizer of the path',
    ],
    'test/applier/rereading.test.ts': [
      'whom the manifest keeps is not removed, whatever a saved plan that has to follow from it says',
      'a flag that the manifest does not have replaced is not, whoever the saved plan says it is',
      'never removes whoever organizes the event by now, as seen %s',
    ],
    'test/applier/batches.test.ts': ['names rows by the ids of its own reading, not by those of the plan'],
  },
  'Lift another guard by a forged plan': {
    'test/diff/follows.test.ts': [
      'refuses another %s than the manifests set',
      'with 10 standing in git, a plan that allows %s is good beside %s by hand: %s',
      'refuses a plan that allows more removals a run',
    ],
    'test/applier/rereading.test.ts': [
      'guards count those whom the manifest has live, whatever a saved plan says was seen',
      'guards are checked again against what is live',
    ],
  },
  'Have a plan applied with another app': {
    'test/cli/saved-plan.test.ts': ['the account of a saved plan > %s'],
    'test/e2e/saved-plan.test.ts': [
      'a saved plan > is refused before any call: another format, no plan, an old one, another host, options that choose',
    ],
  },
  'Lift the limit of 1000 removals': {
    'test/diff/guards.test.ts': [
      '%d removals in a run of at most %d are refused: %s',
      'what is allowed > lifts no other guard',
    ],
    'test/e2e/apply.test.ts': ['rollcall apply > writes nothing at all where the run would remove too many'],
  },
  'Have a redacted, a changed': {
    'test/cli/saved-plan.test.ts': ['a saved plan > is refused when %s'],
    'test/store/plan-file.test.ts': ['a file that was cut off anywhere is refused'],
    'test/property/fuzz-plans.test.ts': [
      'saved plans with flipped bits, cuts and insertions are refused, or mean what they meant',
    ],
  },
  'Read a file outside the folder': {
    'test/manifest/find-files.test.ts': [
      'a folder > is not left through symlinks',
      'a folder > gives each file once, and ends in loops',
    ],
    'test/manifest/limits.test.ts': [
      'links in a circle end, and what they lead to is read once',
      'a link to itself that is named is an error that names it',
    ],
  },
  'Break or hold up a run by a manifest': {
    'test/manifest/limits.test.ts': [
      'thousands of files are read, ours found and the others counted',
      'a file that is far too large is an error where it is named or ours, and left out elsewhere',
    ],
    'test/manifest/mistakes.test.ts': [
      'mistakes > end the reading once there are too many, and nothing is said of what was not read',
      'mistakes > or the reading, where there are too many %s',
    ],
    'test/manifest/yaml-rules.test.ts': [
      'YAML that manifests do not allow > answers lists that are nested %i deep',
      'YAML that manifests do not allow > answers aliases that multiply',
    ],
    'test/property/fuzz-manifests.test.ts': [
      'manifests of every kind end in events or findings > bytes',
      'manifests of every kind end in events or findings > trees near the schema, with any line ends',
    ],
    'test/e2e/hostile-manifests.test.ts': [
      'manifests meant to break it are errors with a place, and nothing is called',
    ],
  },
  'Have anything in a manifest run': {
    'test/manifest/yaml-rules.test.ts': ['YAML that manifests do not allow > %s'],
  },
  'Have its names obeyed': {
    'test/report/plan-text.test.ts': ['nothing of a hostile plan reaches the terminal as a control'],
    'test/report/result-text.test.ts': ['nothing of a hostile result reaches the terminal as a control'],
    'test/report/json.test.ts': ['plans as JSON > hold no character that a terminal would obey'],
    'test/report/markdown.test.ts': [
      'plans in Markdown > %s has no tag, link, mention or reference but its own',
      'results in Markdown > %s has no tag, link, mention or reference but its own',
    ],
    'test/report/html.test.ts': [
      'hostile text > adds no element and no attribute',
      'the policy > allows the style and the script by their hashes and forbids all else, before anything that it is to hold for',
    ],
    'test/report/html.browser.test.ts': [
      'in Chromium, the page > with hostile names > shows them as text and has no element of theirs',
    ],
    'test/cli/github-log.test.ts': [
      'a log that GitHub reads > holds no command of %j, however it is cut into writes',
    ],
    'test/e2e/github-log.test.ts': [
      'in a log of GitHub, text from outside is no command > in a plan as %s',
      'in a log of GitHub, text from outside is no command > in annotations, which are the only commands',
    ],
    'test/report/ci.test.ts': [
      'annotations on GitHub > of the %s plan are one command a line, and nothing else',
      'annotations on GitHub > escape %j as GitHub does',
      'the report of GitLab > of the %s plan is as its golden file has it',
    ],
  },
  'Learn from `--redact`': {
    'test/report/redact.test.ts': [
      'a redacted plan > names nobody as %s',
      'messages of a redacted plan > hide %s',
      'messages of a redacted plan > of a platform are left out: %s',
      'messages of a redacted plan > have no log id %j and no code %j',
      'a redacted result > calls people as the plan did',
    ],
    'test/cli/redacting.test.ts': [
      '--redact before there is a plan > names nobody in the mistakes that %s finds, as %s, and keeps their places',
      '--redact before there is a plan > names nobody in a mistake on the command line',
    ],
    'test/e2e/redact.test.ts': [
      '--redact > names nobody while it applies, keeps the journal whole, and calls people as the plan does',
      '--redact > names nobody in what it imports, though names are learnt after ids',
    ],
  },
  'Lead the journal astray': {
    'test/store/journal.test.ts': [
      'never follows a link that somebody laid in its way',
      'never writes over the journal of another run',
    ],
    'test/store/crash.test.ts': ['what is no file is no journal: a link to nowhere, a folder'],
  },
  'A base URL is `https:`': {
    'test/providers/account.test.ts': ['an account > may be at %s', 'an account > may not be at %s'],
    'test/http/url.test.ts': ['tells whether %s is loopback: %s'],
  },
  'A redirect is never followed': {
    'test/http/limits.test.ts': ['a redirect > %d is not followed: the token stays where it is'],
    'test/http/transport.test.ts': ['the transport > takes a redirect as an answer'],
  },
  'An answer over 32 MiB': {
    'test/http/large-answers.test.ts': [
      'an answer that is far too large > is dropped while it streams in, and the read fails with that reason',
      'an answer that is far too large > is not even begun where it says its size',
      'an answer that is far too large > is not unpacked: compression was not asked for',
    ],
    'test/http/transport.test.ts': [
      'the transport > sends method, headers and body, and asks for no compression',
    ],
  },
  'At most 128 sockets': {
    'test/http/limits.test.ts': ['the open sockets > are ${} to one host at most, however many calls wait'],
  },
  'A call ends after `--timeout`': {
    'test/e2e/mute.test.ts': [
      'a %s that takes the connection and says nothing > holds a plan up no longer than --timeout allows',
    ],
    'test/http/traffic.test.ts': [
      'a call > ends when its time is used up',
      'a call > does not count waiting for the quota as its time',
      'a call > does not wait for a pause of more than five minutes',
    ],
    'test/http/limits.test.ts': ['a connection > that never comes about ends in time, and nothing was sent'],
    'test/http/transport.test.ts': [
      'the transport > ends a request that gets no answer, and says that it was sent',
      'the transport > ends an answer that drips',
    ],
  },
  'A listing ends': {
    'test/providers/pages.test.ts': [
      'a listing that makes no sense > names a page that was read already',
      'a listing that makes no sense > never ends',
      'a listing that makes no sense > is longer than any event can have, and is left at once',
    ],
    'test/providers/feishu/list.test.ts': ['listing > takes a token that repeats for a malformed list'],
    'test/providers/dingtalk/read.test.ts': ['listing > takes a token that repeats for a malformed list'],
  },
  '`HTTPS_PROXY` is not used': {
    'test/http/proxy.test.ts': ['the proxy > is passed by for the hosts of %j'],
    'test/http/transport.test.ts': [
      'a proxy > is asked for hosts that are not loopback, and a refusal means that nothing was sent',
    ],
    'test/e2e/secrets.test.ts': [
      'no secret and no token is in > what is said of a proxy that refuses and repeats what it was sent',
    ],
  },
  '`--verbose` prints the method': {
    'test/http/transport.test.ts': ['the request listener > is told of every end, without any secret'],
    'test/http/url.test.ts': ['shows %s as %s'],
  },
};

const text = readFileSync(join(root, page), 'utf8');

it('every claim of the security page is shown by tests', () => {
  const claims = claimsIn(text);
  expect(claims.length).toBeGreaterThan(20);
  const begun = Object.keys(proofs);
  const named = claims.map((claim) => begun.find((start) => claim.startsWith(start)) ?? claim);
  expect(new Set(named).size).toBe(claims.length);
  expect(gapsBetween(named, proofs)).toEqual([]);
});

it('it names limits as they are', () => {
  expect(text).toContain(`over ${maxAnswerBytes / 1024 / 1024} MiB`);
  expect(text).toContain(`At most ${maxSockets} sockets`);
  expect(text).toContain(`over ${largestFile / 1024 / 1024} MiB`);
  expect(text).toContain(`the limit of ${defaultMaxRemovals} removals a run`);
});

it.each(['README.md', 'README.zh-CN.md'])('%s leads to it', (file) => {
  expect(readFileSync(join(root, file), 'utf8')).toContain(`](${page})`);
});
