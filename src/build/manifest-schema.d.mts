/** Writes `schemas/manifest.schema.json` where it is not what the schemas of the kinds make. */
export function writeManifestSchema(): void;

/** The text of that file, of the schemas of the kinds. */
export function manifestSchema(schemas: readonly unknown[]): string;
