import { sandboxEnvironment } from "../../sandbox/start/sandbox-environment.ts";

export async function env(): Promise<number> {
  const { variables, note } = await sandboxEnvironment();
  for (const [name, value] of Object.entries(variables)) process.stdout.write(`export ${name}=${quote(value ?? "")}\n`);
  process.stderr.write(`${note}\n`);
  return 0;
}

/** For a POSIX shell: in single quotes nothing has a meaning but the quote itself. */
function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
