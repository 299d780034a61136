import type { Platform, UserIdType } from '../model/platform.ts';
import { credentialNames, platforms } from '../platforms/index.ts';
import { quotaExample } from '../providers/settings.ts';

const rows = Object.values(platforms);

/** The platforms of which something holds, as help names them: `Feishu and Lark`. */
export function titlesOf(holds: (platform: Platform) => boolean): string {
  return rows
    .filter(holds)
    .map(({ title }) => title)
    .join(' and ');
}

/** The kinds of user id that some platform tells apart. */
export const userIdTypes: readonly UserIdType[] = [
  ...new Set(rows.flatMap(({ event }) => event.userIds.map(({ type }) => type))),
];

type Variable = readonly [names: string, meaning: string];

/** A variable that not every platform has. */
const where = (name: string | undefined, meaning: string): readonly Variable[] =>
  name === undefined ? [] : [[name, meaning]];

const variables: readonly Variable[] = [
  ...rows.flatMap(({ title, env }): readonly Variable[] => [
    [
      credentialNames(env).join(', '),
      `${'keyFile' in env.credentials ? "a service account's key file" : `credentials of the ${title} app`}; or ${env.token}`,
    ],
    [env.baseUrl, `another host (default ${env.host})`],
    ...Object.values(env.otherHosts ?? {}).map(({ variable, host }): Variable => [
      variable,
      `another host (default ${host})`,
    ]),
    ...where(env.domains, `the organisation's domains; everybody else is external`),
    ...where(env.administrator, 'the administrator to act for when reading people and groups'),
  ]),
  ['HTTPS_PROXY, NO_PROXY', 'a proxy, and hosts that bypass it'],
  ['ROLLCALL_QUOTA', `rate windows: none, or ${quotaExample.split(' ').slice(0, 2).join(' ')}`],
  ['ROLLCALL_SETTLE', 'how long reads may lag behind writes, like 2s'],
  ['ROLLCALL_COMMIT', 'the commit of a run, if the CI system does not set it'],
  ['ROLLCALL_STORE', 'a PostgreSQL database that runs share'],
  ['ROLLCALL_TENANTS', "the folder with the tenants' credentials: see fleet --help"],
  ['ROLLCALL_TIME_ZONE', 'time zone of days and times, like Asia/Shanghai'],
  ['NO_COLOR, FORCE_COLOR', 'no colours; colours even without a terminal'],
  ['GITHUB_STEP_SUMMARY', 'file to which --format github appends the plan in Markdown'],
];

const widest = Math.max(...variables.map(([names]) => names.length));

/** The variables that commands read, those of each platform first. */
export const environmentHelp: string = [
  '\nEnvironment:',
  ...variables.map(([names, meaning]) => `  ${names.padEnd(widest)}  ${meaning}`),
].join('\n');
