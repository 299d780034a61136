import { expect, test } from 'vitest';
import { googleManifest, googleScene, type GoogleScene } from '../support/google-scene.ts';

const count = 12;
const names = Array.from({ length: count }, (_, at) => `e${at}`);
const attendees = [
  { email: 'lead@corp.com', reply: 'accepted' },
  { email: 'ann@corp.com', reply: 'accepted' },
  { email: 'bob@corp.com' },
];

function many(more: readonly object[], files: Readonly<Record<string, string>> = {}): Promise<GoogleScene> {
  const events = [...more, ...names.map((id) => ({ id, start: '2099-01-05T10:00:00Z', attendees }))];
  const manifests = names.map((name) => [
    `m/${name}.yaml`,
    googleManifest(name, [{ email: 'ann@corp.com' }, { email: 'new@corp.com' }]),
  ]);
  return googleScene(
    { calendars: [{ id: 'lead@corp.com', events }] },
    { ...Object.fromEntries(manifests), ...files },
  );
}

const readsOf = ({ emulator }: GoogleScene): readonly string[] =>
  emulator.requests
    .map(({ api }) => api)
    .filter((api) => api === 'google.events.list' || api === 'google.event.get');

test('many events of a calendar are read by one call, planned and applied as by a call for each', async () => {
  const scene = await many([]);
  const { stdout } = await scene.run('plan', 'm', '--format', 'json');
  const plan = JSON.parse(stdout) as { requests: object; events: { changes: { action: string }[] }[] };
  expect(readsOf(scene)).toEqual(['google.events.list']);
  // Whose the one address is that no event lists is asked once.
  expect(plan.requests).toEqual({ used: 2, needed: 2 * count });
  for (const { changes } of plan.events)
    expect(changes.map(({ action }) => action)).toEqual(['remove', 'add']);
  const { code } = await scene.run('apply', 'm', '--auto-approve', '--max-removals', '99');
  expect(code).toBe(0);
  for (const name of names) {
    expect(scene.emulator.attendees(name).map(({ id, reply }) => `${id} ${reply}`)).toEqual([
      'lead@corp.com accepted',
      'ann@corp.com accepted',
      'new@corp.com needsAction',
    ]);
  }
  await scene.close();
});

test('an event that the list does not have is read by itself, and nobody is removed for it', async () => {
  const scene = await many([{ id: 'old', start: '2020-01-05T10:00:00Z', attendees }], {
    'm/old.yaml': googleManifest('old', [{ email: 'ann@corp.com' }, { email: 'bob@corp.com' }]),
    'm/none.yaml': googleManifest('none', [{ email: 'ann@corp.com' }]),
  });
  const { stdout } = await scene.run('plan', 'm', '--format', 'json');
  const { events } = JSON.parse(stdout) as {
    events: { name: string; status: string; problem?: { code: string } }[];
  };
  expect(readsOf(scene).toSorted()).toEqual(['google.event.get', 'google.event.get', 'google.events.list']);
  expect(events.find(({ name }) => name === 'old')).toMatchObject({ status: 'in-sync' });
  expect(events.find(({ name }) => name === 'none')).toMatchObject({
    status: 'unknown',
    problem: { code: 'event-not-found' },
  });
  await scene.close();
});
