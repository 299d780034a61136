// `npm run bench [-- NAME...]`: measures, prints a table and writes it to bench.json. Exits with 1 where a figure is
// above its limit.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { figures } from './figures.mjs';
import { ofFleet } from './fleet.mjs';
import { ofStore } from './store.mjs';

const known = [...figures, ...ofStore, ...ofFleet];
const wanted = process.argv.slice(2);
// `store-windows` stands for all figures that begin like this.
const isName = (word) => known.some(({ name }) => name === word);
const means = (word) => (figure) =>
  figure.name === word || (!isName(word) && figure.name.startsWith(`${word}-`));
const unknown = wanted.filter((word) => !known.some(means(word)));
if (unknown.length > 0) {
  process.stderr.write(
    `No figure ${unknown.join(', ')}. There are: ${known.map(({ name }) => name).join(', ')}.\n`,
  );
  process.exit(1);
}
const chosen =
  wanted.length === 0 ? known : known.filter((figure) => wanted.some((word) => means(word)(figure)));

const results = [];
for (const { name, title, limit, unit, measure } of chosen) {
  process.stderr.write(`Measuring ${name}\n`);
  const { value, measured, base } = await measure();
  results.push({
    name,
    title,
    ratio: Number(value.toFixed(3)),
    limit,
    measured: Math.round(measured),
    base: Math.round(base),
    unit,
  });
}

const rows = [
  ['figure', 'ratio', 'limit', 'measured', 'against'],
  ...results.map(({ title, ratio, limit, measured, base, unit }) => [
    title,
    ratio.toFixed(2),
    limit.toFixed(2),
    `${measured} ${unit}`,
    `${base} ${unit}`,
  ]),
];
const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows) {
  process.stdout.write(
    `${row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd()}\n`,
  );
}
process.stdout.write(
  `\nNode ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})\n`,
);
const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
writeFileSync(
  'bench.json',
  `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`,
);
process.exitCode = results.every(({ ratio, limit }) => ratio <= limit) ? 0 : 1;
