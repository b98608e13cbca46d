/** `node bench/main.ts NAME [options]`: runs one measurement and prints its report as JSON. */

interface Bench {
  /** One line: its name, its options, what it measures. */
  usage: string;
  run(args: string[]): Promise<unknown>;
}

const BENCHES: Record<string, () => Promise<Bench>> = {
  agent: () => import("./agent.ts"),
  calls: () => import("./calls.ts"),
  soak: () => import("./soak.ts"),
};

const [name = "", ...args] = process.argv.slice(2);
const open = BENCHES[name];
if (open) {
  const bench = await open();
  process.stdout.write(`${JSON.stringify(await bench.run(args), undefined, 2)}\n`);
} else {
  const known = await Promise.all(Object.values(BENCHES).map((load) => load()));
  process.stderr.write(`Which measurement?\n${known.map(({ usage }) => `  ${usage}`).join("\n")}\n`);
  process.exitCode = 2;
}
