import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../root.ts";
import { SIP_ON_LOOPBACK, type SourceEdit } from "./source-edits.ts";

export type ToolName =
  | "livekit-server"
  | "livekit-sip"
  | "pulumi"
  | "pulumi-language-nodejs"
  | "sip-edge"
  | "routing-oracle"
  | "actionlint";

/** A program that no npm package carries: where its pinned Go module is, and how it is recognised on PATH. */
export interface Tool {
  name: ToolName;
  /** Folder of the Go module that pins it, in the checkout. */
  module: string;
  /** The Go package to build. */
  package: string;
  /** The pinned version, or a hash of our own source. */
  version: string;
  linkerFlags?: string;
  /** Prints a line with the version; only tools that have one are taken from PATH. */
  versionArgs?: string[];
  /** Texts of its source that are others in our build; part of the version. */
  edits?: readonly SourceEdit[];
  /** Debian packages with the C headers it is built with. */
  headers?: string[];
  /** A tool that must come from the same place as this one. */
  goesWith?: ToolName;
}

const CODEC_HEADERS = ["libopus-dev", "libopusfile-dev", "libsoxr-dev", "pkg-config"];

export function tool(name: ToolName): Tool {
  return TOOLS[name]();
}

const TOOLS: Record<ToolName, () => Tool> = {
  pulumi: () => ({
    name: "pulumi",
    module: "tools/pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version: pinned("tools/pulumi", "github.com/pulumi/pulumi/pkg/v3"),
    linkerFlags: "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=3.250.0",
    versionArgs: ["version"],
  }),
  "pulumi-language-nodejs": () => ({
    name: "pulumi-language-nodejs",
    module: "tools/pulumi-language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    version: pinned("tools/pulumi-language-nodejs", "github.com/pulumi/pulumi/sdk/v3"),
    goesWith: "pulumi",
  }),
  "livekit-server": () => ({
    name: "livekit-server",
    module: "tools/livekit-server",
    package: "github.com/livekit/livekit-server/cmd/server",
    version: pinned("tools/livekit-server", "github.com/livekit/livekit-server"),
    versionArgs: ["--version"],
  }),
  "livekit-sip": () => ({
    name: "livekit-sip",
    module: "tools/livekit-sip",
    package: "github.com/livekit/sip/cmd/livekit-sip",
    version: `${pinned("tools/livekit-sip", "github.com/livekit/sip")}-${hashOf(SIP_ON_LOOPBACK)}`,
    edits: SIP_ON_LOOPBACK,
    headers: CODEC_HEADERS,
  }),
  "sip-edge": () => ({
    name: "sip-edge",
    module: "sandbox/jambonz/edge",
    package: ".",
    version: sourceHash("sandbox/jambonz/edge"),
  }),
  "routing-oracle": () => ({
    name: "routing-oracle",
    module: "test/oracle",
    package: ".",
    version: sourceHash("test/oracle"),
  }),
  actionlint: () => ({
    name: "actionlint",
    module: "tools/actionlint",
    package: "github.com/rhysd/actionlint/cmd/actionlint",
    version: pinned("tools/actionlint", "github.com/rhysd/actionlint"),
  }),
};

/**
 * What can be done instead of building a tool, as the end of a sentence. Only what is looked for on PATH counts there: one with edits, or of our
 * own source, is always built.
 */
export function orOnPath({ name, version, versionArgs, goesWith }: Tool): string {
  if (versionArgs !== undefined) return `, or put ${name} ${version} or newer on PATH`;
  if (goesWith === undefined) return "";
  return `, or put ${goesWith} ${tool(goesWith).version} or newer on PATH, with ${name} beside it`;
}

/** The version of a module that a go.mod requires: the pin has one place. */
function pinned(folder: string, module: string): string {
  const goMod = readFileSync(checkout(folder, "go.mod"), "utf8");
  const version = goMod
    .split("\n")
    .map((line) =>
      line
        .replace(/^\s*require\s+/, "")
        .trim()
        .split(/\s+/),
    )
    .find(([name]) => name === module)?.[1];
  if (!version) throw new Error(`${folder}/go.mod does not require ${module}`);
  return version;
}

function hashOf(edits: readonly SourceEdit[]): string {
  return createHash("sha256").update(JSON.stringify(edits)).digest("hex").slice(0, 8);
}

function sourceHash(folder: string): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(checkout(folder), { recursive: true, encoding: "utf8" }).sort()) {
    if (/(\.go|go\.mod|go\.sum)$/.test(file) && !file.endsWith("_test.go"))
      hash.update(file).update(readFileSync(join(checkout(folder), file)));
  }
  return hash.digest("hex").slice(0, 12);
}
