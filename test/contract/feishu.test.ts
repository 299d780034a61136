import { feishuFixture } from './feishu.ts';
import { contract } from './suite/contract.ts';

contract(feishuFixture('feishu', 'Feishu'));
