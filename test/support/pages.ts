/** A part of a page, from its heading of the second level to the next one; empty where it has none of this name. */
export function partOf(page: string, heading: string): string {
  return page.split(/^(?=## )/m).find((part) => part.startsWith(`## ${heading}\n`)) ?? '';
}

/** The rows of a page's tables, cell by cell, without their heads. */
export function rowsOf(page: string): string[][] {
  return [...page.matchAll(/^\|(?! ?-)(.*)\|$(?!\n\| ?-)/gm)].map(([, row = '']) =>
    row.split(/(?<!\\)\|/).map((cell) => cell.trim()),
  );
}

/** The entries of the lists in a Markdown text, each on one line; below one heading where that is given. */
export function claimsIn(markdown: string, heading?: string): string[] {
  const claims: string[] = [];
  let current = heading === undefined;
  let open = false;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('#')) current = heading === undefined || line.replace(/^#+ /, '') === heading;
    const isEntry = line.startsWith('- ');
    open = isEntry || (open && line.startsWith('  '));
    if (!current || !open) continue;
    if (isEntry) claims.push(line.slice(2));
    else claims.push(`${claims.pop()} ${line.trim()}`);
  }
  return claims;
}
