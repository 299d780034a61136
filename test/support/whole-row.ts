import { afterAll, beforeAll } from 'vitest';
import type { Platform } from '../../src/model/platform.ts';
import { platforms } from '../../src/platforms/index.ts';

/**
 * For the tests of this file DingTalk's lists are replaced as a whole: what is tested is the style, and no platform has
 * it yet.
 */
export function replaceLists(): void {
  // Rows are read where they are used, so another one holds from here on; files share what they load.
  const rows = platforms as { dingtalk: Platform };
  const { dingtalk } = platforms;
  beforeAll(() => {
    rows.dingtalk = {
      ...dingtalk,
      reads: { ...dingtalk.reads, pageSize: null, lagMs: 0 },
      writes: { style: 'whole', flag: 'set' },
    };
  });
  afterAll(() => {
    rows.dingtalk = dingtalk;
  });
}
