import type { Platform } from '../model/platform.ts';
import { feishu } from './feishu.ts';

/** Lark: the API of Feishu on another host, with accounts of its own. */
export const lark: Platform = {
  ...feishu,
  title: 'Lark',
  env: {
    host: 'https://open.larksuite.com',
    baseUrl: 'LARK_BASE_URL',
    credentials: { app: 'LARK_APP_ID', secret: 'LARK_APP_SECRET' },
    token: 'LARK_ACCESS_TOKEN',
    appToken: 't-',
  },
};
