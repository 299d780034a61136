import { oapi } from './dingtalk/oapi/platform.ts';
import { dingtalk } from './dingtalk/platform.ts';
import type { dingtalkChoices } from './dingtalk/switches.ts';
import { feishu } from './feishu/platform.ts';
import type { feishuChoices, feishuDurations } from './feishu/switches.ts';
import { google } from './google/platform.ts';
import type { googleChoices, googleDurations } from './google/switches.ts';
import type { EmulatedPlatform } from './platform.ts';

/** The platforms that are served; calls that are none of theirs are answered by the first. */
const first: EmulatedPlatform = feishu;
export const emulated: readonly [EmulatedPlatform, ...EmulatedPlatform[]] = [first, dingtalk, oapi, google];

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
