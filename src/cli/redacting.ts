import { createRedactor } from '../report/redact.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * The same surroundings without people: reports go through their redactor, and whatever else is written to stderr is
 * searched for what has the form of an address or of an id, so that no error of others can tell it.
 */
export function redacting(surroundings: Surroundings): Surroundings {
  const redactor = createRedactor();
  const { stderr } = surroundings;
  return {
    ...surroundings,
    redactor,
    redacted: stderr,
    stderr: {
      isTTY: stderr.isTTY,
      columns: stderr.columns,
      fd: stderr.fd,
      write: (text) => stderr.write(redactor.line(text)),
    },
  };
}
