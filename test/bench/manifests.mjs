// Manifests full of mistakes: time must grow with their size and no faster, and 4 MiB of any must be answered soon.
// node test/bench/manifests.mjs [FAMILY], after npm run build
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Lexer } from 'yaml';
import { withFolder } from './processes.mjs';

const here = fileURLToPath(import.meta.url);

const head = (kind) => `apiVersion: rollcall.dev/v1\nkind: ${kind}\nmetadata: { name: x }\nspec:\n`;
const event = `${head('Event')}  provider: feishu\n  calendarId: c\n  eventId: e_0\n`;
const times = (count, textOf) => Array.from({ length: count }, (_, index) => textOf(index));

/** Texts of about `bytes` each. */
const families = {
  anchors: (bytes) => {
    const count = Math.floor(bytes / 21);
    const wrong = times(count, (index) => `b${index}: 1`).join(', ');
    return `${head('Directory')}  people:\n    p: &p { ${wrong} }\n${times(count, (index) => `    p${index}: *p\n`).join('')}`;
  },
  entries: (bytes) => `${event}  attendees: [${'x,'.repeat(bytes / 2)}x]\n`,
  persons: (bytes) => {
    const known = times(bytes / 60, (index) => `    p${index}: { feishu: ou_${index} }\n`).join('');
    const unknown = times(bytes / 60, (index) => `    - person: x${index}\n`).join('');
    return `${head('Directory')}  people:\n${known}---\n${event}  attendees:\n${unknown}`;
  },
  rosters: (bytes) => {
    const known = times(
      bytes / 130,
      (index) => `${head('Roster').replace('x', `r${index}`)}  members: []\n---\n`,
    );
    return `${known.join('')}${event}  attendees:\n${times(bytes / 130, (index) => `    - roster: x${index}\n`).join('')}`;
  },
  keys: (bytes) => event + times(bytes / 14, (index) => `  k${index}: 1\n`).join(''),
  brackets: (bytes) => `${event}  attendees: ${'[a], '.repeat(bytes / 5)}\n`,
  documents: (bytes) => `${head('Event')}  a: [\n---\n`.repeat(bytes / 90),
  lists: (bytes) => `${event}  attendees: [${'[],'.repeat(bytes / 3)}x]\n`,
  dashes: (bytes) => `${event}  attendees:\n${'-\n'.repeat(bytes / 2)}`,
  comments: (bytes) => `${event}${'#\n'.repeat(bytes / 2)}`,
  blanks: (bytes) => event + '\n'.repeat(bytes),
  scalar: (bytes) => `${event}  attendees: [{ user: "${'\\x41'.repeat(bytes / 4)}" }]\n`,
  folded: (bytes) => `${event}  notes: >\n${'    x\n'.repeat(bytes / 6)}`,
  tags: (bytes) => `${event}  attendees: [${'!a x,'.repeat(bytes / 5)}x]\n`,
  twice: (bytes) => event + '  k: 1\n'.repeat(bytes / 7),
  labels: (bytes) =>
    head('Event').replace(
      'x }',
      `x, labels: { ${times(bytes / 12, (index) => `l${index}: 1`).join(', ')} } }`,
    ),
  events: (bytes) => {
    const members = times(4000, (index) => `    - user: ou_${index}\n`).join('');
    const one = (index) =>
      `---\n${event.replace('x', `e${index}`).replace('e_0', `e${index}_0`)}  attendees: [{ roster: x }, { user: ou_x }]\n`;
    return `${head('Roster')}  members:\n${members}${times((bytes - 80_000) / 170, one).join('')}`;
  },
  nested: (bytes) => {
    const members = times(bytes / 60, (index) => `    - user: ou_${index}\n`).join('');
    const outer = (index) => `${head('Roster').replace('x', `r${index}`)}  members: [{ roster: big }]\n---\n`;
    const count = bytes / 250;
    const use = times(count, (index) => `    - roster: r${index}\n`).join('');
    return `${head('Roster').replace('x', 'big')}  members:\n${members}---\n${times(count, outer).join('')}${event}  attendees:\n${use}`;
  },
};

/** How many words and signs of YAML a text may have, in `src/manifest/read/parse.ts`. */
const maxWords = 1_000_000;

const limits = { growth: 2.5, seconds: 10, mebibytes: 1024 };
const largest = 4 * 1024 * 1024 - 4096;

/** What one text takes, in a process of its own. Processor time, because what else the machine does is not in it. */
function take(family, bytes) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [here, family, String(bytes)], {
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`${family} of ${bytes} bytes: ${String(stderr)}`);
  return JSON.parse(String(stdout));
}

/** The size of a text of the family that is just small enough to be read to its end. */
function readable(family) {
  const sample = families[family](200_000);
  const words = [...new Lexer().lex(sample)].length;
  return Math.min(largest, Math.floor((0.95 * maxWords * sample.length) / words));
}

/** Measures the families; the value is the worst part of a limit that any of them takes. */
export async function manifests(names = Object.keys(families)) {
  let worst = { value: 0, measured: 0, base: limits.seconds * 1000 };
  for (const name of names) {
    const size = readable(name);
    const [half, whole] = [take(name, size / 2), take(name, size)];
    const all = size === largest ? whole : take(name, largest);
    const growth = whole.seconds / half.seconds;
    const seconds = Math.max(whole.seconds, all.seconds);
    const mebibytes = Math.max(whole.mebibytes, all.mebibytes);
    const value = Math.max(
      // What takes no time at all says nothing.
      whole.seconds < 0.5 ? 0 : growth / limits.growth,
      seconds / limits.seconds,
      mebibytes / limits.mebibytes,
    );
    process.stderr.write(
      `  ${name}: ${Math.round(size / 1024)} KiB in ${growth.toFixed(2)} x the time of half; at most ${seconds.toFixed(1)} s, ${Math.round(mebibytes)} MiB\n`,
    );
    if (value > worst.value) worst = { value, measured: seconds * 1000, base: limits.seconds * 1000 };
  }
  return worst;
}

const [, started, family, bytes] = process.argv;
if (started === here && bytes !== undefined) {
  const { loadManifests } = await import('../../dist/index.js');
  await withFolder({ 'x.yaml': families[family](Number(bytes)) }, (folder) => {
    const before = process.cpuUsage();
    loadManifests([join(folder, 'x.yaml')], { asOf: '2026-11-20' });
    const { user, system } = process.cpuUsage(before);
    const mebibytes = process.resourceUsage().maxRSS / 1024;
    process.stdout.write(JSON.stringify({ seconds: (user + system) / 1e6, mebibytes }));
  });
} else if (started === here) {
  const { value } = await manifests(family === undefined ? undefined : [family]);
  process.exitCode = value <= 1 ? 0 : 1;
}
