import type { Problem, ProblemCode } from '../../model/diagnostic.ts';
import { problemOf } from '../problem.ts';

const codes: Readonly<Record<string, ProblemCode>> = {
  '193003': 'event-deleted',
  // A page token that ran out twice is no refusal: the event may be read another time.
  '190008': 'list-failed',
};

/** A failed read of Feishu or Lark as a value. */
export function feishuProblem(error: unknown): Problem {
  return problemOf(error, codes);
}
