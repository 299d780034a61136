import { parseDuration } from '../model/duration.ts';
import type { QuotaWindow } from '../model/platform.ts';
import { eachPlatform, isProviderId, platforms, providerIds, type ProviderId } from '../platforms/index.ts';
import type { Env, SettingProblem } from './account.ts';

const unitMs: Readonly<Record<string, number>> = { s: 1000, min: 60_000 };

/** The documented windows as the setting writes them: `feishu=50/s,1000/min dingtalk=20/s`. */
export const quotaExample: string = providerIds
  .filter((id, at) => providerIds.findIndex((other) => sameWindows(other, id)) === at)
  .map((id) => `${id}=${platforms[id].windows.map(windowText).join(',')}`)
  .join(' ');

function sameWindows(one: ProviderId, other: ProviderId): boolean {
  return platforms[one].windows === platforms[other].windows;
}

function windowText({ calls, perMs }: QuotaWindow): string {
  return `${calls}/${perMs === 1000 ? 's' : 'min'}`;
}

const quotaHint = `Set it to "none" or like "${quotaExample}", or unset it.`;

function quotaProblem(message: string): SettingProblem {
  return { problem: 'bad-setting', variables: ['ROLLCALL_QUOTA'], message, hint: quotaHint };
}

function windowOf(text: string): QuotaWindow | null {
  const [, calls, unit = ''] = /^([1-9]\d{0,6})\/(s|min)$/.exec(text) ?? [];
  const perMs = unitMs[unit];
  return calls === undefined || perMs === undefined ? null : { calls: Number(calls), perMs };
}

/**
 * The rate windows of each provider's APIs: the documented ones, changed by `ROLLCALL_QUOTA` (`none`, or
 * `feishu=50/s,1000/min dingtalk=60/s`). No windows: no limit.
 */
export function quotaWindows(env: Env): Record<ProviderId, readonly QuotaWindow[]> | SettingProblem {
  const setting = (env['ROLLCALL_QUOTA'] ?? '').trim();
  if (setting === 'none') return eachPlatform(() => []);
  const windows: Record<ProviderId, readonly QuotaWindow[]> = eachPlatform((id) => platforms[id].windows);
  for (const part of setting.split(/\s+/).filter((text) => text !== '')) {
    const [name = '', rates = ''] = part.split('=', 2);
    if (!isProviderId(name)) return quotaProblem(`ROLLCALL_QUOTA names an unknown provider: "${part}"`);
    const parsed = rates.split(',').map(windowOf);
    const valid = parsed.filter((window) => window !== null);
    if (valid.length < parsed.length)
      return quotaProblem(`ROLLCALL_QUOTA has a rate that cannot be read: "${part}"`);
    windows[name] = valid;
  }
  return windows;
}

/**
 * How long each provider's reads may lag behind its writes, in milliseconds: the platform's own figure, or for all of
 * them what `ROLLCALL_SETTLE` says (`500ms`, `2s`, `5m`).
 */
export function lagTimes(env: Env): Record<ProviderId, number> | SettingProblem {
  const setting = (env['ROLLCALL_SETTLE'] ?? '').trim();
  if (setting === '') return eachPlatform((id) => platforms[id].reads.lagMs);
  const ms = parseDuration(setting);
  if (typeof ms === 'string') {
    return {
      problem: 'bad-setting',
      variables: ['ROLLCALL_SETTLE'],
      message: `ROLLCALL_SETTLE cannot be "${setting}"`,
      hint: `${ms} Or unset it.`,
    };
  }
  return eachPlatform(() => ms);
}
