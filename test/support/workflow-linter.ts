import { register } from 'node:module';
import { TextDocument } from 'vscode-languageserver-textdocument';

// The package imports JSON without saying so, which Node refuses and bundlers do not.
const jsonModules = `export const load = (url, context, next) =>
  next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context);`;

/** What GitHub's own language service has against a workflow, or against an `action.yml`: `line: message`. */
export type WorkflowLinter = (name: string, text: string) => Promise<string[]>;

/** Loads the language service. */
export async function workflowLinter(): Promise<WorkflowLinter> {
  register(`data:text/javascript,${encodeURIComponent(jsonModules)}`);
  const { validate } = await import('@actions/languageservice');
  return async (name, text) => {
    // It remembers workflows by their address.
    const uri = name.endsWith('action.yml') ? `file:///${name}` : `file:///.github/workflows/${name}`;
    const found = await validate(TextDocument.create(uri, 'yaml', 1, text));
    return found.map(({ range, message }) => {
      const text = typeof message === 'string' ? message : message.value;
      return `${range.start.line + 1}: ${text}`;
    });
  };
}
