const only = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: from },
  to: { path: "^(contract|infra|providers|service|cli|sandbox|test)/", pathNot: allowed },
});

/** The house rules: which room may import which. */
module.exports = {
  forbidden: [
    // The serialized stub requires its own package by name at run time: that is its purpose, and no cycle of the code.
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { pathNot: "^providers/dynamic/stub.ts$" } },
    },
    only("contract-stands-alone", "^contract/", "^contract/"),
    only("infra-uses-providers", "^infra/", "^(contract|infra|providers)/"),
    only("providers-use-contract", "^providers/", "^(contract|providers)/"),
    only("routing-is-pure", "^providers/livekit/routing/", "^providers/livekit/routing/"),
    {
      name: "routing-has-no-packages",
      severity: "error",
      from: { path: "^providers/livekit/routing/" },
      to: { dependencyTypes: ["npm", "core"] },
    },
    only("shared-uses-contract", "^service/shared/", "^(contract|service/shared)/"),
    only("middleware-uses-shared", "^service/middleware/", "^(contract/|service/(middleware|shared)/)"),
    only("agent-uses-shared", "^service/agent/", "^(contract/|service/(agent|shared)/)"),
    only("sandbox-is-imported-by-cli-only", "^sandbox/", "^(contract|infra|providers|service|sandbox)/"),
    { name: "nobody-imports-tests", severity: "error", from: { pathNot: "^test/" }, to: { path: "^test/" } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
      extensions: [".ts", ".mts", ".mjs", ".js", ".json"],
    },
  },
};
