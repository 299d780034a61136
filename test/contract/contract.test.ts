import { describe } from 'vitest';

import { dingtalkFixture } from './dingtalk.ts';
import { feishuFixture } from './feishu.ts';
import { changes } from './suite/changes.ts';
import { paging } from './suite/paging.ts';
import { partial } from './suite/partial.ts';
import { tokens } from './suite/tokens.ts';
import { deviations } from './suite/topics.ts';
import { wholeEvents } from './suite/whole-events.ts';

const fixtures = [feishuFixture('feishu', 'Feishu'), feishuFixture('lark', 'Lark'), dingtalkFixture];

describe.each(fixtures)('$title', (fixture) => {
  deviations(fixture);
  changes(fixture);
  wholeEvents(fixture);
  paging(fixture);
  partial(fixture);
  tokens(fixture);
});
