import { describe, expect, it, test } from 'vitest';
import { ProxyError, proxySettings } from '../../src/http/proxy.ts';

describe('the proxy', () => {
  it('is none where none is set', () => {
    expect(proxySettings({})).toBeNull();
    expect(proxySettings({ HTTPS_PROXY: ' ', NO_PROXY: 'a.example' })).toBeNull();
  });

  test.each([
    ['proxy.example:3128', 'http://proxy.example:3128/'],
    ['http://proxy.example:3128/', 'http://proxy.example:3128/'],
    ['https://user:pw@proxy.example', 'https://user:pw@proxy.example/'],
    ['http://us%25er:p%40w@proxy.example', 'http://us%25er:p%40w@proxy.example/'],
  ])('may be %s', (value, href) => {
    expect(proxySettings({ HTTPS_PROXY: value })?.proxy.href).toBe(href);
  });

  it('is looked up in lower case first', () => {
    const settings = proxySettings({ HTTPS_PROXY: 'http://a', https_proxy: 'http://b' });
    expect(settings?.proxy.hostname).toBe('b');
  });

  test.each([
    'socks5://hidden:1',
    'http://',
    'ftp://hidden',
    'http://hidden:99999',
    'http://hidden/path',
    'hidden/path',
    'http://hidden?query',
    'http://us%zzer:hidden@proxy',
    'http://user:hidden%@proxy',
    'http://user:hidden%ff@proxy',
  ])('may not be %s, and the variable is named without its value', (value) => {
    for (const name of ['HTTPS_PROXY', 'https_proxy']) {
      const attempt = (): unknown => proxySettings({ [name]: value });
      expect(attempt).toThrow(ProxyError);
      expect(attempt).toThrow(new RegExp(`^${name} (?!.*(hidden|socks5|ftp))`));
    }
  });

  test.each([
    [{ NO_PROXY: 'a.example, b.example' }, 'a.example, b.example'],
    [{ no_proxy: 'b', NO_PROXY: 'a' }, 'b'],
    [{ NO_PROXY: 'a.example,*' }, '*'],
    [{}, ''],
  ])('is passed by for the hosts of %j', (env, noProxy) => {
    expect(proxySettings({ HTTPS_PROXY: 'proxy', ...env })?.noProxy).toBe(noProxy);
  });
});
