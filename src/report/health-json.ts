import type { Health } from '../model/finding.ts';
import { visibleJson } from './escape.ts';

/**
 * `doctor --format json`: `{ formatVersion, ok, findings, calls }`; a finding is `{ provider, subject, name, status, needed,
 * message, hint, permission }`. What there is none of is null.
 */
export function healthJson({ ok, findings, calls }: Health): string {
  const shown = findings.map(({ provider, subject, name, status, needed, message, hint, permission }) => ({
    provider,
    subject,
    name,
    status,
    needed,
    message,
    hint,
    permission,
  }));
  return visibleJson(`${JSON.stringify({ formatVersion: '1', ok, findings: shown, calls }, null, 2)}\n`);
}
