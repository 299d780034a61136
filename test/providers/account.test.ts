import { describe, expect, it, test } from 'vitest';
import { accountOf, actsAsApp, type Env } from '../../src/providers/account.ts';
import type { ProviderId } from '../../src/platforms/index.ts';

const feishu = { FEISHU_APP_ID: 'cli_x', FEISHU_APP_SECRET: 'CANARY' };

describe('an account', () => {
  test.each<readonly [ProviderId, Env, object]>([
    [
      'feishu',
      feishu,
      { baseUrl: 'https://open.feishu.cn', appId: 'cli_x', appSecret: 'CANARY', accessToken: null },
    ],
    [
      'lark',
      { LARK_ACCESS_TOKEN: 'u-x' },
      { baseUrl: 'https://open.larksuite.com', appId: null, appSecret: null, accessToken: 'u-x' },
    ],
    [
      'lark',
      { LARK_ACCESS_TOKEN: 'u-x', LARK_APP_ID: 'cli_l' },
      { baseUrl: 'https://open.larksuite.com', appId: 'cli_l', appSecret: null, accessToken: 'u-x' },
    ],
    [
      'dingtalk',
      { DINGTALK_APP_KEY: 'k', DINGTALK_APP_SECRET: 's', DINGTALK_ACCESS_TOKEN: '' },
      { baseUrl: 'https://api.dingtalk.com', appId: 'k', appSecret: 's', accessToken: null },
    ],
  ])('of %s is read from the environment', (provider, env, account) => {
    expect(accountOf(provider, env)).toEqual({ provider, ...account });
  });

  test.each<readonly [ProviderId, Env, readonly string[]]>([
    ['feishu', {}, ['FEISHU_APP_ID', 'FEISHU_APP_SECRET']],
    ['feishu', { FEISHU_APP_ID: 'x' }, ['FEISHU_APP_SECRET']],
    ['lark', feishu, ['LARK_APP_ID', 'LARK_APP_SECRET']],
    ['dingtalk', { DINGTALK_APP_SECRET: 'CANARY', DINGTALK_APP_KEY: ' ' }, ['DINGTALK_APP_KEY']],
  ])('of %s without credentials names what is missing', (provider, env, variables) => {
    const problem = accountOf(provider, env);
    expect(problem).toMatchObject({ problem: 'missing-credentials', variables });
    for (const name of variables) expect(JSON.stringify(problem)).toContain(name);
    expect(JSON.stringify(problem)).not.toContain('CANARY');
  });

  test.each([
    'https://gateway.example',
    'https://gateway.example/',
    'http://127.0.0.1:8080',
    'http://[::1]:1',
    'http://localhost:9',
  ])('may be at %s', (url) => {
    expect(accountOf('feishu', { ...feishu, FEISHU_BASE_URL: url })).toMatchObject({
      baseUrl: new URL(url).origin,
    });
  });

  test.each([
    'http://open.feishu.cn',
    'http://127.0.0.1.example.com',
    'ftp://localhost',
    'open.feishu.cn',
    'https://user:CANARY@open.feishu.cn',
    'https://@open.feishu.cn',
    'https://open.feishu.cn/?CANARY',
    'https://open.feishu.cn/?',
    'https://open.feishu.cn/#x',
    'https://open.feishu.cn/path',
  ])('may not be at %s', (url) => {
    const problem = accountOf('feishu', { ...feishu, FEISHU_BASE_URL: url });
    expect(problem).toMatchObject({ problem: 'bad-base-url', variables: ['FEISHU_BASE_URL'] });
    expect(JSON.stringify(problem)).not.toContain('CANARY');
  });

  test.each([' ', 'u-a b', 'u-a\n', 'u-ü'])('refuses the access token %j without showing it', (token) => {
    const problem = accountOf('feishu', { ...feishu, FEISHU_ACCESS_TOKEN: token });
    expect(problem).toMatchObject({ problem: 'bad-credentials', variables: ['FEISHU_ACCESS_TOKEN'] });
  });

  it('takes a token of a form that it does not know', () => {
    expect(accountOf('feishu', { FEISHU_ACCESS_TOKEN: 'eyJhbGciOi.x-y_z' })).toMatchObject({
      accessToken: 'eyJhbGciOi.x-y_z',
    });
  });
});

test.each([
  [null, true],
  ['t-x', true],
  ['u-x', false],
  ['eyJhbGciOi.x-y_z', false],
])('with the access token %j calls are made as an app: %s', (accessToken, asApp) => {
  expect(actsAsApp({ provider: 'feishu', accessToken })).toBe(asApp);
});
