import { peopleTexts } from '../manifest/read/people-texts.ts';
import { createRedactor } from '../report/redact.ts';
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
      const { people, open } = peopleTexts(paths);
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
