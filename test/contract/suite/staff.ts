import type { World } from './fixture.ts';

/** More than a page of people on every platform. */
export const crowd = 230;

export interface Somebody {
  readonly name: string;
  readonly departments?: readonly string[];
  readonly more?: object;
}

/** A tree of three departments, a group, a role and a chat, of people that every platform knows. */
export function staffed(people: readonly Somebody[] = [], more: Partial<World> = {}): World {
  const staff: readonly Somebody[] = [
    { name: 'lead', departments: ['od-platform'] },
    { name: 'dev', departments: ['od-platform', 'od-infra'] },
    { name: 'ops', departments: ['od-infra'] },
    { name: 'gone', departments: ['od-infra'], more: { left: '2026-01-31' } },
    { name: 'boss' },
    ...Array.from({ length: crowd }, (_, at) => ({ name: `n${at}`, departments: ['od-large'] })),
    ...people,
  ];
  return {
    scenes: [{ id: 'a_0', seats: [] }],
    ...more,
    organisation: {
      people: staff.map(({ name, departments, more: own }) => ({
        name: `Name ${name}`,
        openId: `ou_${name}`,
        unionId: `on_${name}`,
        userId: `id${name}`,
        dingtalk: `union${name}`,
        dingtalkUserId: `staff${name}`,
        google: `${name}@corp.com`,
        ...(departments === undefined ? {} : { departments }),
        ...own,
      })),
      departments: [
        { id: 'od-platform', dingtalk: 12, name: '平台组' },
        { id: 'od-infra', dingtalk: 13, name: 'Infra', parent: 'od-platform' },
        { id: 'od-large', dingtalk: 14, name: 'Large' },
        { id: 'od-empty', dingtalk: 15, name: 'Empty' },
      ],
      groups: [{ id: 'g1', name: 'oncall', members: ['ou_boss', 'ou_gone'], departments: ['od-infra'] }],
      roles: [
        { id: 7023, name: '值班', members: ['ou_lead', 'ou_boss'] },
        { id: 7024, name: '空', members: [] },
      ],
      chats: [
        { id: 'oc_platform', name: 'Platform chat', members: ['ou_lead', 'ou_dev'] },
        { id: 'oc_large', name: 'Large', members: staff.slice(5, 5 + crowd).map(({ name }) => `ou_${name}`) },
        { id: 'oc_closed', name: 'Closed', members: ['ou_lead'], bot: false },
      ],
    },
  };
}
