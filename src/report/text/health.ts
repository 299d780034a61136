import { counted } from '../../model/say.ts';
import { visible } from '../escape.ts';
import type { Finding, FindingStatus, FindingSubject, Health } from '../../model/finding.ts';
import { platforms } from '../../platforms/index.ts';

/** What can be done to text on a terminal. */
interface Ink {
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly bold: (text: string) => string;
}

/** How a subject is called in front of what is said of it; permissions say themselves what they are. */
const heads: Readonly<Record<FindingSubject, (name: string) => string>> = {
  manifests: () => 'manifests',
  credentials: () => 'credentials:',
  host: (name) => `host ${name}`,
  clock: () => 'the clock',
  permission: () => 'permission',
  range: () => 'contacts:',
  calendar: (name) => (name === 'all' ? 'calendars:' : `calendar ${name}:`),
  event: (name) => (name === 'others' ? 'events:' : `event ${name}`),
};

/** `doctor --format text`: a line for each finding, and what to do about those that are not well. */
export function* healthText(health: Health, ink: Ink): Generator<string> {
  let provider: Finding['provider'] = null;
  const paint: Readonly<Record<FindingStatus, (text: string) => string>> = {
    ok: ink.green,
    missing: ink.red,
    wrong: ink.red,
    unknown: ink.yellow,
  };
  for (const finding of gathered(health.findings)) {
    if (finding.provider !== provider) {
      provider = finding.provider;
      if (provider !== null) yield `${ink.bold(platforms[provider].title)}\n`;
    }
    const { status, subject, name, message, hint } = finding;
    const word = paint[status](status.padEnd(7));
    const advice = hint === null ? '' : `. ${hint}`;
    yield `  ${word}  ${visible(`${heads[subject](name)} ${message}${advice}`)}\n`;
  }
  yield `\n${sumOf(health)}\n`;
}

/** Events that are well are one line, however many there are. */
function gathered(findings: readonly Finding[]): Finding[] {
  const well = (one: Finding): boolean => one.subject === 'event' && one.status === 'ok';
  return findings.flatMap((one) => {
    if (!well(one)) return [one];
    const same = findings.filter((other) => well(other) && other.provider === one.provider);
    if (same[0] !== one) return [];
    if (same.length === 1) return [one];
    return [{ ...one, name: 'others', message: `${same.length} can be read` }];
  });
}

function sumOf({ findings, ok }: Health): string {
  const count = (status: FindingStatus): number => findings.filter((one) => one.status === status).length;
  const bad = findings.filter(
    ({ needed, status }) => needed && (status === 'missing' || status === 'wrong'),
  ).length;
  const unknown = count('unknown');
  const rest = unknown === 0 ? '' : ` ${unknown} cannot be checked.`;
  if (ok) return `Nothing that is needed is missing.${rest}`;
  return `${counted(bad, 'problem')} to fix.${rest}`;
}
