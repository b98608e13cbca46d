/**
 * Pulumi writes into the state where each resource was declared, relative to the project. It reads that from stack traces
 * and takes what it finds for paths; in ES modules they are `file:` URLs, which end up there as absolute paths of this
 * machine (`project:///infra/file:/home/…`). So stack traces of this program name files by path.
 * Import this before anything that declares a resource.
 */
const inherited = Error.prepareStackTrace;

Error.prepareStackTrace = (error, frames) => {
  const text: unknown = inherited?.(error, frames) ?? `${error}\n    at ${frames.join("\n    at ")}`;
  return typeof text === "string" ? text.replaceAll("file:///", "/") : text;
};

export {};
