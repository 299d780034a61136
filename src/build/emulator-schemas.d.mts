/** Writes the schemas of the embedded platform's files where they are not what the code has. */
export function writeEmulatorSchemas(external: (id: string) => boolean): Promise<void>;

/** The text of a schema's file. */
export function schemaText(schema: object): string;
