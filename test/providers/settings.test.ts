import { describe, expect, it, test } from 'vitest';
import { platforms } from '../../src/platforms/index.ts';
import { quotaWindows, lagTimes } from '../../src/providers/settings.ts';

describe('ROLLCALL_QUOTA', () => {
  const documented = {
    feishu: platforms.feishu.windows,
    lark: platforms.lark.windows,
    dingtalk: platforms.dingtalk.windows,
    google: platforms.google.windows,
  };

  test.each([undefined, '', ' '])('%j leaves the documented windows', (value) => {
    expect(quotaWindows({ ROLLCALL_QUOTA: value })).toEqual(documented);
  });

  it('none lifts all windows', () => {
    expect(quotaWindows({ ROLLCALL_QUOTA: 'none' })).toEqual({
      feishu: [],
      lark: [],
      dingtalk: [],
      google: [],
    });
  });

  it('changes the providers that it names', () => {
    expect(quotaWindows({ ROLLCALL_QUOTA: 'feishu=10/s,100/min dingtalk=60/s' })).toEqual({
      ...documented,
      feishu: [
        { calls: 10, perMs: 1000 },
        { calls: 100, perMs: 60_000 },
      ],
      dingtalk: [{ calls: 60, perMs: 1000 }],
    });
  });

  test.each([
    'slack=1/s',
    'feishu',
    'feishu=',
    'feishu=0/s',
    'feishu=5',
    'feishu=5/h',
    'feishu=5/s,',
    'feishu=none',
    '5/s',
  ])('%s is refused', (value) => {
    expect(quotaWindows({ ROLLCALL_QUOTA: value })).toMatchObject({
      problem: 'bad-setting',
      variables: ['ROLLCALL_QUOTA'],
    });
  });
});

describe('ROLLCALL_SETTLE', () => {
  it('unset leaves what each platform needs', () => {
    expect(lagTimes({})).toEqual({ feishu: 2000, lark: 2000, dingtalk: 0, google: 0 });
  });

  test.each([
    ['500ms', 500],
    ['0s', 0],
    ['2s', 2000],
    ['5m', 300_000],
    ['1h', 3_600_000],
  ])('%s is %i ms for all', (value, ms) => {
    expect(lagTimes({ ROLLCALL_SETTLE: value })).toEqual({ feishu: ms, lark: ms, dingtalk: ms, google: ms });
  });

  test.each(['2', '-1s', '1.5s', '2 s', 'constructor', '5d'])('%s is refused', (value) => {
    expect(lagTimes({ ROLLCALL_SETTLE: value })).toMatchObject({ variables: ['ROLLCALL_SETTLE'] });
  });
});
