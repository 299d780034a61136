import type { Context } from '../route.ts';
import { FeishuRefusal } from './answer.ts';

/** The refusal of a call, or of an event, that would pass its cap. */
export function overCap(context: Context, detail: string): FeishuRefusal {
  return new FeishuRefusal(context.behaviour.capCode === 'parameters' ? 190002 : 99992402, detail);
}
