import type * as Platforms from '../../src/platforms/index.ts';

/** The platforms, DingTalk's lists replaced as a whole: what is tested is the style, and no platform has it yet. */
export function withWhole(real: typeof Platforms): typeof Platforms {
  const { dingtalk } = real.platforms;
  const row = {
    ...dingtalk,
    reads: { ...dingtalk.reads, pageSize: null, lagMs: 0 },
    writes: { style: 'whole', flag: 'set' } as const,
  };
  return { ...real, platforms: { ...real.platforms, dingtalk: row } };
}
