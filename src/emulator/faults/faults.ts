import type { Intercept } from '../intercept.ts';
import { faultOf } from './effects.ts';
import type { Platform } from './events.ts';
import { fits, isHit } from './match.ts';
import type { Faults } from './rule.ts';

/** Carries a faults file out: every rule counts the calls that fit it, and the first that hits one decides. */
export function faultsIntercept({ seed, rules }: Faults, platform: Platform): Intercept {
  const counts = rules.map(() => 0);
  return (call) => {
    const hit = rules.filter((rule, index) => {
      if (!fits(rule, call)) return false;
      const nth = (counts[index] ?? 0) + 1;
      counts[index] = nth;
      return isHit(rule, nth, seed, index);
    });
    const [first] = hit;
    return first === undefined ? undefined : faultOf(first, call, platform);
  };
}
