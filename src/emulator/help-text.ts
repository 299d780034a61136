/** An entry of a help page: how something is written, and below it what it does, in lines of at most 100 columns. */
export function helpEntry(usage: string, help: string): readonly string[] {
  return [`  ${usage}`, ...wrapped(help)];
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line.length + word.length > 88) {
      lines.push(`      ${line.trimEnd()}`);
      line = '';
    }
    line += `${word} `;
  }
  return [...lines, `      ${line.trimEnd()}`];
}
