// Pulumi's own provider of dynamic resources, from the installed package, with one change: what has no code in a state yet cannot be read,
// so `pulumi import` fails with a sentence instead of a stack trace (`read` of @pulumi/pulumi 3.250.0, cmd/dynamic-provider).
const { createRequire } = require("node:module");
const { join } = require("node:path");

const script = createRequire(join(process.cwd(), "package.json")).resolve("@pulumi/pulumi/cmd/dynamic-provider");
const { Server, status } = createRequire(script)("@grpc/grpc-js");

const { addService } = Server.prototype;
Server.prototype.addService = function add(definition, methods) {
  if ("read" in methods) methods.read = refusingImport(methods.read.bind(methods));
  return addService.call(this, definition, methods);
};

function refusingImport(read) {
  return (call, callback) => {
    if (call.request.getProperties()?.toJavaScript().__provider !== undefined) return read(call, callback);
    const message = `IMPORT_UNSUPPORTED: Pulumi cannot import Trunkline's resources. Declare it in the program with adopt: "${call.request.getId()}", and run \`pulumi up\`.`;
    callback({ code: status.INVALID_ARGUMENT, message });
  };
}

process.argv.splice(1, 1, script);
require(script);
