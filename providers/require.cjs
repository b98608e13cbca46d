// What the stubs in the state require, in whichever Node runs Pulumi's provider process: TypeScript needs Node 24.
const OLDEST_NODE = 24;

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  const error = new Error(
    `NODE_TOO_OLD: Pulumi found Node ${process.versions.node} on PATH, and Trunkline's resources need Node ${OLDEST_NODE}. The checkout brings one: export PATH="$PWD/node_modules/node/bin:$PATH"`,
  );
  error.stack = ""; // Pulumi prints it
  throw error;
}
module.exports = require("./index.ts");
