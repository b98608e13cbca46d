import tseslint from "typescript-eslint";
import { textAsKey } from "./eslint-text-as-key.mjs";

/** Only the rules that need types; format and the rest are Biome's. */
export default tseslint.config(
  { ignores: ["node_modules/", ".trunkline/", "sdks/", "**/*.mjs", "**/*.cjs"] },
  {
    files: ["**/*.ts"],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
    plugins: { "@typescript-eslint": tseslint.plugin, trunkline: { rules: { "text-as-key": textAsKey } } },
    rules: {
      "trunkline/text-as-key": "error",
      // node:test waits for its tests by itself.
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", name: "test", package: "node:test" }] },
      ],
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
  // A test's names are its own.
  { files: ["test/**"], rules: { "trunkline/text-as-key": "off" } },
);
