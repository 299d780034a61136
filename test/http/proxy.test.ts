import { describe, expect, it, test } from 'vitest';
import { ProxyError, proxyRule } from '../../src/http/proxy.ts';

describe('proxy rules', () => {
  it('send everything straight where no proxy is set', () => {
    const rule = proxyRule({ HTTPS_PROXY: ' ' });
    expect(rule.proxy).toBeNull();
    expect(rule.isDirect(new URL('https://open.feishu.cn'))).toBe(true);
  });

  test.each([
    ['proxy.example:3128', 'http://proxy.example:3128/'],
    ['https://user:pw@proxy.example', 'https://user:pw@proxy.example/'],
  ])('take %s', (value, href) => {
    expect(proxyRule({ HTTPS_PROXY: value }).proxy?.href).toBe(href);
  });

  it('prefer the name in lower case', () => {
    const rule = proxyRule({ HTTPS_PROXY: 'http://a', https_proxy: 'http://b' });
    expect(rule.proxy?.hostname).toBe('b');
  });

  test.each(['socks5://proxy:1', 'http://', 'ftp://x'])('refuse %s without showing it', (value) => {
    const attempt = (): unknown => proxyRule({ HTTPS_PROXY: value });
    expect(attempt).toThrow(ProxyError);
    expect(attempt).toThrow(/^(?!.*(socks5|ftp))/);
  });

  it.each(['http://us%zzer:hidden@proxy', 'http://user:hidden%@proxy', 'http://user:hidden%ff@proxy'])(
    'refuse %s, whose password cannot be read, without showing it',
    (value) => {
      const attempt = (): unknown => proxyRule({ HTTPS_PROXY: value });
      expect(attempt).toThrow(ProxyError);
      expect(attempt).toThrow(/^(?!.*hidden).*%25/);
    },
  );

  test.each([
    ['', 'https://open.feishu.cn', false],
    ['*', 'https://open.feishu.cn', true],
    ['feishu.cn', 'https://open.feishu.cn', true],
    ['.feishu.cn', 'https://open.feishu.cn', true],
    ['*.feishu.cn', 'https://open.feishu.cn', true],
    ['OPEN.Feishu.cn', 'https://open.feishu.cn', true],
    ['eishu.cn', 'https://open.feishu.cn', false],
    ['a.example, open.feishu.cn:443', 'https://open.feishu.cn', true],
    ['open.feishu.cn:8443', 'https://open.feishu.cn', false],
    ['open.feishu.cn:8443', 'https://open.feishu.cn:8443', true],
    ['plain.example:80', 'http://plain.example', true],
    ['plain.example:443', 'http://plain.example', false],
    ['', 'http://127.0.0.1:80', true],
    ['', 'http://[::1]:80', true],
    ['', 'http://localhost:80', true],
  ])('with NO_PROXY=%j send %s straight: %s', (noProxy, url, direct) => {
    const rule = proxyRule({ HTTPS_PROXY: 'http://proxy', NO_PROXY: noProxy });
    expect(rule.isDirect(new URL(url))).toBe(direct);
  });
});
