import { execFile } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

interface GoCommand {
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** A text in a file of a Go module that is another one in our build. */
export interface SourceEdit {
  module: string;
  file: string;
  find: string;
  replace: string;
}

/**
 * livekit-sip 1.8.0 has no setting for where its media and WebRTC sockets listen: RTP on 0.0.0.0, ICE on every interface, mDNS on 5353. In a sandbox
 * that nobody else may reach they are on loopback; nothing but the addresses differs.
 */
export const SIP_ON_LOOPBACK: readonly SourceEdit[] = [
  {
    module: "github.com/livekit/sip",
    file: "pkg/sip/media_port.go",
    find: "netip.AddrFrom4([4]byte{0, 0, 0, 0})",
    replace: "netip.AddrFrom4([4]byte{127, 0, 0, 1})",
  },
  {
    module: "github.com/livekit/server-sdk-go/v2",
    file: "transport.go",
    find: "se := webrtc.SettingEngine{}\n",
    replace: [
      "se := webrtc.SettingEngine{}",
      "\tse.SetICEMulticastDNSMode(1) // disabled",
      "\tse.SetIncludeLoopbackCandidate(true)",
      '\tse.SetInterfaceFilter(func(name string) bool { return len(name) > 1 && name[:2] == "lo" })\n',
    ].join("\n"),
  },
];

/**
 * Runs a build with the flag that puts edited copies of modules in their places; what was downloaded stays as it is.
 * @throws Error when a text is not exactly once where it should be: a newer version has to be looked at.
 */
export async function withEdits<T>(
  edits: readonly SourceEdit[],
  go: GoCommand,
  build: (flags: string[]) => Promise<T>,
): Promise<T> {
  if (edits.length === 0) return build([]);
  const folder = mkdtempSync(join(tmpdir(), "trunkline-edited-"));
  try {
    const modfile = join(folder, "go.mod");
    copyFileSync(join(go.cwd, "go.mod"), modfile);
    copyFileSync(join(go.cwd, "go.sum"), join(folder, "go.sum"));
    for (const [index, edit] of edits.entries()) await putEdited(edit, go, join(folder, String(index)), modfile);
    return await build([`-modfile=${modfile}`]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function putEdited(
  { module, file, find, replace }: SourceEdit,
  go: GoCommand,
  copy: string,
  modfile: string,
): Promise<void> {
  const { stdout } = await run("go", ["mod", "download", "-json", module], go);
  cpSync((JSON.parse(stdout) as { Dir: string }).Dir, copy, { recursive: true });
  await run("chmod", ["-R", "u+w", copy]); // the module cache is read-only
  const parts = readFileSync(join(copy, file), "utf8").split(find);
  if (parts.length !== 2)
    throw new Error(`${file} of ${module} has "${find.trim()}" ${parts.length - 1} times, not once`);
  writeFileSync(join(copy, file), parts.join(replace));
  await run("go", ["mod", "edit", `-replace=${module}=${copy}`, modfile], go);
}
