import { mostTexts, peopleTexts } from '../manifest/read/people-texts.ts';
import { createRedactor } from '../report/redact.ts';
import { UsageError } from '../run/usage-error.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * The same surroundings without people: reports go through their redactor, and so does whatever is written to stderr,
 * so that no message can be forgotten.
 */
export function redacting(surroundings: Surroundings): Surroundings {
  const redactor = createRedactor();
  const { stderr } = surroundings;
  return {
    ...surroundings,
    redactor,
    learnPeople: (paths) => {
      const { people, open, tooMany } = peopleTexts(paths);
      if (tooMany) {
        const most = mostTexts.toLocaleString('en');
        const message = `the manifests contain more than ${most} different texts, too many to redact`;
        throw new UsageError(message, 'give fewer files at a time, or leave out --redact');
      }
      redactor.learn({ secrets: people, open });
    },
    stderr: {
      isTTY: stderr.isTTY,
      columns: stderr.columns,
      fd: stderr.fd,
      write: (text) => stderr.write(redactor.line(text)),
    },
  };
}
