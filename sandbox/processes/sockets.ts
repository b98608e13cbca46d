import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { groupMembers, withEnvironment } from "./process-table.ts";
import { registered, runMark } from "./register.ts";

/** A socket that takes packets or connections from others. */
export interface OpenSocket {
  /** `livekit-sip`, as /proc has it. */
  program: string;
  protocol: "tcp" | "tcp6" | "udp" | "udp6";
  /** `127.0.0.1:7880`, `[::1]:7880` */
  address: string;
}

const TABLES = ["tcp", "tcp6", "udp", "udp6"] as const;
/** States of /proc/net/*: a TCP socket that listens; a UDP socket that is connected hears its peer only. */
const TCP_LISTENS = "0A";
const UDP_OPEN = "07";

/** The sockets on which the processes of a run can be reached, whoever started them. Linux only: proc(5), /proc/net. */
export function openSockets(registerFile: string): OpenSocket[] {
  const sockets = socketTable();
  return pidsOf(registerFile).flatMap((pid) =>
    inodesOf(pid).flatMap((inode) => {
      const found = sockets.get(inode);
      return found === undefined ? [] : [{ program: nameOf(pid), ...found }];
    }),
  );
}

/** By what was registered, and by the mark in the environment (redis-server writes its title over its own). */
function pidsOf(registerFile: string): number[] {
  const mark = `TRUNKLINE_RUN=${runMark(registerFile).TRUNKLINE_RUN}`;
  const marked = withEnvironment(mark).map(({ pid }) => pid);
  return [...new Set([...registered(registerFile).flatMap(groupMembers), ...marked])];
}

function socketTable(): Map<string, Pick<OpenSocket, "protocol" | "address">> {
  return new Map(TABLES.flatMap((protocol) => rowsOf(protocol)));
}

function rowsOf(protocol: OpenSocket["protocol"]) {
  const wanted = protocol.startsWith("tcp") ? TCP_LISTENS : UDP_OPEN;
  const lines = readFileSync(`/proc/net/${protocol}`, "utf8").trim().split("\n").slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state === wanted)
    .map(([, local = "", , , , , , , , inode = ""]) => [inode, { protocol, address: addressOf(local) }] as const);
}

/** `0100007F:1EC8` → `127.0.0.1:7880`: each group of four bytes is in the order of the processor. */
function addressOf(hex: string): string {
  const [address = "", port = ""] = hex.split(":");
  const bytes = Buffer.from(address, "hex");
  bytes.swap32();
  const host =
    bytes.length === 4 ? bytes.join(".") : `[${bytes.toString("hex").replaceAll(/(?<=^(?:.{4})+)(?=.)/g, ":")}]`;
  return `${host}:${Number.parseInt(port, 16)}`;
}

function inodesOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => inodeOf(`/proc/${pid}/fd/${fd}`));
  } catch {
    return []; // it has ended meanwhile
  }
}

function inodeOf(path: string): string[] {
  try {
    return [/^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1] ?? []].flat();
  } catch {
    return [];
  }
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}
