// Manifests full of mistakes: time must grow with their size and no faster, and 4 MiB of any must be answered soon.
// node test/bench/manifests.mjs [FAMILY], after npm run build
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

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
  nested: (bytes) => {
    const members = times(bytes / 60, (index) => `    - user: ou_${index}\n`).join('');
    const outer = (index) => `${head('Roster').replace('x', `r${index}`)}  members: [{ roster: big }]\n---\n`;
    const count = bytes / 250;
    const use = times(count, (index) => `    - roster: r${index}\n`).join('');
    return `${head('Roster').replace('x', 'big')}  members:\n${members}---\n${times(count, outer).join('')}${event}  attendees:\n${use}`;
  },
};

const [, , family, size] = process.argv;
if (size !== undefined) {
  const { loadTexts } = await import('../../dist/manifest/load.js');
  const text = families[family](Number(size));
  const start = performance.now();
  const { diagnostics } = loadTexts([{ file: 'x.yaml', text, named: true }], '2026-11-20');
  const seconds = (performance.now() - start) / 1000;
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ seconds, mebibytes, told: diagnostics.length }));
} else {
  const run = (name, bytes) => {
    const ran = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name, String(bytes)], {
      timeout: 120_000,
    });
    return JSON.parse(String(ran.stdout) || '{"seconds":null}');
  };
  for (const name of family === undefined ? Object.keys(families) : [family]) {
    const [half, whole, most] = [1, 2, 4].map((part) => run(name, part * 1024 * 1024 - 4096));
    const growth = whole.seconds / half.seconds;
    const fine = growth <= 2.5 && most.seconds < 10 && most.mebibytes < 1024;
    process.stdout.write(
      `${name}: 2n takes ${growth.toFixed(2)} x n; 4 MiB ${most.seconds?.toFixed(1)} s, ${Math.round(most.mebibytes)} MB, ${most.told} told ${fine ? '' : '!'}\n`,
    );
    if (!fine) process.exitCode = 1;
  }
}
