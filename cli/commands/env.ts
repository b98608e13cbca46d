import { shellWord } from "../../providers/text/foreign.ts";
import { sandboxEnvironment } from "../../sandbox/start/sandbox-environment.ts";

export async function env(): Promise<number> {
  const { variables, note } = await sandboxEnvironment();
  for (const [name, value] of Object.entries(variables))
    process.stdout.write(`export ${name}=${shellWord(value ?? "")}\n`);
  process.stderr.write(`${note}\n`);
  return 0;
}
