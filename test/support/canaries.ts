import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

function base64Of(text: string): string[] {
  // What stands before it moves a text by up to two bytes; only the characters that it fills alone stay the same.
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]).toString('base64');
    const from = Math.ceil((before * 8) / 6);
    return encoded.slice(from, Math.floor(((before + Buffer.byteLength(text)) * 8) / 6));
  });
}

function inHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A secret as it could stand in an output, by the name of the form. */
export function formsOf(secret: string): Readonly<Record<string, string>> {
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const [base64 = '', second = '', third = ''] = base64Of(secret);
  return {
    plain: secret,
    JSON: json,
    'JSON in JSON': JSON.stringify(json).slice(1, -1),
    HTML: inHtml(secret),
    URL: url,
    'URL in lower case': url.replaceAll(/%../g, (escape) => escape.toLowerCase()),
    form: new URLSearchParams([['', secret]]).toString().slice(1),
    base64,
    'base64 behind one byte': second,
    'base64 behind two bytes': third,
    'base64 for URLs': Buffer.from(secret).toString('base64url'),
    hex: Buffer.from(secret).toString('hex'),
  };
}

/** Which secrets stand in a text, each with its form. */
export function leaksIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    Object.entries(formsOf(secret))
      .filter(([, form]) => text.includes(form))
      .map(([form]) => `${name} as ${form}`),
  );
}

/** The text of every file in a folder, by its path. */
export function filesIn(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );
}
