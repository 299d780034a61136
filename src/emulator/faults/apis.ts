import { dingtalkRoutes } from '../dingtalk/routes.ts';
import { feishuRoutes } from '../feishu/routes.ts';

/** The names of all APIs that are served. Those of Feishu are Lark's as well. */
export const apiNames: readonly string[] = [...feishuRoutes, ...dingtalkRoutes].map(({ api }) => api);

/** A pattern in which `*` stands for any text. */
export function glob(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
