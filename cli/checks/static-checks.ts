/** What is checked without running anything: each counts as one test. */
export const STATIC_CHECKS: readonly { name: string; command: string; args: string[] }[] = [
  { name: "types", command: "tsc", args: ["--noEmit", "-p", "."] },
  { name: "format and lint", command: "biome", args: ["check", "--error-on-warnings", "."] },
  { name: "rules that need types", command: "eslint", args: ["."] },
  {
    name: "layers",
    command: "depcruise",
    args: [
      "--config",
      ".dependency-cruiser.cjs",
      "contract",
      "infra",
      "providers",
      "service",
      "cli",
      "sandbox",
      "test",
    ],
  },
  { name: "dead code", command: "knip", args: [] },
  { name: "secrets", command: "secretlint", args: ["--maskSecrets", "**/*"] },
];
