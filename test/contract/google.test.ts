import { googleFixture } from './google.ts';
import { contract } from './suite/contract.ts';

contract(googleFixture);
