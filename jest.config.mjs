/** Unit tests beside engine and call tests; those that need real servers start them through sandbox/. */
export default {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  transform: {
    // cookie, which Fastify's `inject` needs, is published as a module only.
    "(\\.m?ts|/node_modules/cookie/.+\\.js)$": [
      "@swc/jest",
      { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  transformIgnorePatterns: ["/node_modules/(?!cookie/)"],
  moduleFileExtensions: ["ts", "mts", "js", "mjs", "json", "node"],
  modulePathIgnorePatterns: ["<rootDir>/.trunkline/", "<rootDir>/sdks/.*/bin/package.json"],
  testTimeout: 20_000,
  setupFilesAfterEnv: process.env.TRUNKLINE_PROPERTY_TIMES ? ["<rootDir>/test/hostile/times.ts"] : [],
  // Each file leaves some of its modules behind; the garbage collector of a grown heap stops a test for seconds.
  workerIdleMemoryLimit: "800MB",
};
