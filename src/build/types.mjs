// Leaves of the types in `dist/` what a program can come across: what `index.d.ts` exports, and what that is made of.
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'rolldown/utils';

/** Removes the files and declarations that nothing leads to, in a folder of what the compiler wrote. */
export function pruneTypes(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.d.ts'));
  const files = new Map(names.map((name) => [join(folder, name), partsOf(join(folder, name))]));
  const kept = new Set();
  files.get(join(folder, 'index.d.ts')).forEach(keep);
  for (const [path, parts] of files) {
    const left = parts.filter((part) => kept.has(part));
    if (left.length === 0) rmSync(path);
    else writeFileSync(path, textOf(left));
  }

  function keep(part) {
    if (kept.has(part)) return;
    kept.add(part);
    // Packages are not looked into; of a file that is exported whole only the types are asked for.
    const wanted = part.uses === undefined ? ({ isType }) => isType : ({ name }) => part.uses.has(name);
    (files.get(part.from) ?? []).filter(wanted).forEach(keep);
  }
}

/** What a file declares, with the comments, and each name that it has from elsewhere: `uses` are names in `from`. */
function partsOf(path) {
  const text = readFileSync(path, 'utf8');
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  let end = 0;
  return program.body.flatMap((node) => {
    const written = text.slice(end, node.end).trim();
    end = node.end;
    if (node.source == null) {
      const declared = node.declaration ?? node;
      const ids = (declared.declarations ?? [declared]).map(({ id }) => id?.name);
      const isType = /^TS(Interface|TypeAlias)|^Class/.test(declared.type);
      return ids.map((name) => ({ written, name, isType, from: path, uses: namesIn(declared) }));
    }
    const from = join(path, '..', node.source.value.replace(/\.[jt]s$/, '.d.ts'));
    if (node.type === 'ExportAllDeclaration') return { written, from };
    return node.specifiers.map((one) => ({
      verb: /^\w+(?: type)?/.exec(text.slice(node.start, node.end))[0],
      specifier: text.slice(one.start, one.end),
      source: node.source.raw,
      name: (one.local ?? one.exported).name,
      from,
      uses: new Set([(one.imported ?? one.local).name]),
    }));
  });
}

/** The names that a declaration is made of, and some that only look so. */
function namesIn(node, names = new Set()) {
  if (node.type === 'Identifier') names.add(node.name);
  for (const [key, value] of Object.entries(node)) {
    if (key === 'key' && !node.computed) continue;
    for (const one of [value].flat()) if (typeof one?.type === 'string') namesIn(one, names);
  }
  return names;
}

/** The text of a file: what it has of one source in one line again, and half the indentation. */
function textOf(parts) {
  const lines = parts.map(({ written, verb, source }) => {
    if (written !== undefined) return written;
    const same = parts.filter((part) => part.verb === verb && part.source === source);
    return `${verb} { ${same.map(({ specifier }) => specifier).join(', ')} } from ${source};`;
  });
  return `${[...new Set(lines)].join('\n')}\n`.replaceAll(/^(?: {4})+/gm, (all) =>
    ' '.repeat(all.length / 2),
  );
}
