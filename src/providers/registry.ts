import type { ProviderId } from '../platforms/index.ts';
import type { Provider } from './provider.ts';

const loaders: Readonly<Record<ProviderId, () => Promise<Provider>>> = {
  feishu: async () => (await import('./feishu/session.ts')).feishuProvider,
  lark: async () => (await import('./feishu/session.ts')).feishuProvider,
  dingtalk: async () => (await import('./dingtalk/session.ts')).dingtalkProvider,
  google: async () => (await import('./google/session.ts')).googleProvider,
};

/** The provider of that name. Its code is loaded when it is first asked for. */
export function providerOf(id: ProviderId): Promise<Provider> {
  return loaders[id]();
}
