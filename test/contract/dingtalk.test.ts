import { dingtalkFixture } from './dingtalk.ts';
import { contract } from './suite/contract.ts';

contract(dingtalkFixture);
