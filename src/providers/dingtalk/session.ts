import { editByRequests } from '../delta.ts';
import type { Provider } from '../provider.ts';
import { providerFrom } from '../session.ts';
import { dingtalkDialect } from './dialect.ts';
import { finds } from './find/find.ts';
import { list } from './list.ts';
import { look } from './look.ts';
import { addition, deletion, removal, unbinding } from './write.ts';

/** DingTalk (calendar v1.0). */
export const dingtalkProvider: Provider = providerFrom(dingtalkDialect, {
  list,
  look,
  finds,
  edit: (client) => editByRequests(client, { removal, addition, deletion, unbinding }),
});
