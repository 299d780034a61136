import type { ProviderId } from '../platforms/index.ts';
import { oapi } from './dingtalk/oapi/platform.ts';
import { dingtalk } from './dingtalk/platform.ts';
import type { dingtalkChoices } from './dingtalk/switches.ts';
import { feishu } from './feishu/platform.ts';
import type { feishuChoices, feishuDurations } from './feishu/switches.ts';
import { google } from './google/platform.ts';
import type { googleChoices, googleDurations } from './google/switches.ts';
import type { EmulatedPlatform } from './platform.ts';

/** What serves the calls of each platform. */
const serving: Readonly<Record<ProviderId, readonly EmulatedPlatform[]>> = {
  feishu: [feishu],
  lark: [feishu],
  dingtalk: [dingtalk, oapi],
  google: [google],
};

/** Calls that are none of theirs are answered by the first. */
const first: EmulatedPlatform = feishu;

/** The platforms that are served. */
export const emulated: readonly [EmulatedPlatform, ...EmulatedPlatform[]] = [
  first,
  ...new Set(Object.values(serving).flatMap((all) => all.filter((one) => one !== first))),
];

/** The switches of all of them, with their values as types. */
export type PlatformChoices = typeof feishuChoices & typeof dingtalkChoices & typeof googleChoices;
export type PlatformDurations = typeof feishuDurations & typeof googleDurations;

/** The names of all APIs that are served. Those of Feishu are Lark's as well. */
export const apiNames: readonly string[] = emulated.flatMap(({ routes }) => routes.map(({ api }) => api));

/** The platform that an API is of. */
export function platformOf(api: string): EmulatedPlatform {
  return emulated.find(({ routes }) => routes.some((route) => route.api === api)) ?? first;
}

/** The platform that a path is of. */
export function platformAt(path: string): EmulatedPlatform {
  return emulated.find(({ roots }) => roots.some((root) => path.startsWith(root))) ?? first;
}
