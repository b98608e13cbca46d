import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { emptyAccount } from "../../../sandbox/jambonz/account.ts";
import { addApplication, addCarrier, addGateway } from "../../../sandbox/jambonz/account-rows.ts";
import { type Jambonz, startJambonz } from "../../../sandbox/jambonz/server.ts";
import { Supervisor } from "../../../sandbox/processes/supervisor.ts";
import { workFolder } from "../../../sandbox/root.ts";
import { findOrBuild } from "../../../sandbox/toolchain/binaries.ts";
import { WebhookApp } from "./webhook-app.ts";

// What SIPp's scenarios do not send: requests of a telephone, word by word.
const folder = workFolder("test", `odd-invites-${process.pid}`);
const supervisor = new Supervisor({ folder });
let app: WebhookApp;
let jambonz: Jambonz;
let telephone: Telephone;

beforeAll(async () => {
  app = await WebhookApp.start();
  app.answer = ({ url }) => (url === "/calls" ? [{ verb: "answer" }, { verb: "pause", length: 20 }] : {});
  const account = emptyAccount();
  const calls = addApplication(account, "trunkline", `${app.origin}/calls`);
  addGateway(account, addCarrier(account, "Schmidtkom", { application_sid: calls.application_sid }));
  jambonz = await startJambonz(supervisor, { edgeBinary: await findOrBuild("sip-edge"), account });
}, 180_000);

beforeEach(async () => {
  app.posts.length = 0;
  telephone = await Telephone.open(jambonz.sipAddress);
});
afterEach(() => telephone.close());

afterAll(async () => {
  await jambonz?.stop();
  await supervisor.stopAll();
  await app?.stop();
  await rm(folder, { recursive: true, force: true });
});

const NUMBER = "+4989100";
const sdp = (lines: { profile?: string; address?: string; direction?: string } = {}) =>
  [
    ...["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", `c=IN IP4 ${lines.address ?? "127.0.0.1"}`, "t=0 0"],
    ...[`m=audio 40000 ${lines.profile ?? "RTP/AVP"} 8`, "a=rtpmap:8 PCMA/8000", `a=${lines.direction ?? "sendrecv"}`],
    "",
  ].join("\r\n");

/** One dialog over UDP. */
class Telephone {
  readonly #socket: Socket;
  readonly #target: { host: string; port: number };
  readonly #id = Math.random().toString(36).slice(2);
  readonly #seen: string[] = [];
  #count = 0;
  #to = "";

  static async open(target: string): Promise<Telephone> {
    const socket = createSocket("udp4").bind(0, "127.0.0.1");
    await once(socket, "listening");
    return new Telephone(socket, target);
  }

  private constructor(socket: Socket, target: string) {
    const [host = "", port = ""] = target.split(":");
    this.#socket = socket;
    this.#target = { host, port: Number(port) };
    socket.on("message", (data) => void this.#seen.push(data.toString()));
  }

  /** Sends a new offer, again where the ACK of the last one has not been seen yet (491, RFC 3261 14.1): the direction of its answer. */
  async reinvite(body: string): Promise<string | undefined> {
    for (let tries = 0; tries < 50; tries++) {
      const answer = (await this.invite(NUMBER, body, 200)).at(-1) ?? "";
      if (statusOf(answer) !== 491) return /a=(sendrecv|sendonly|recvonly|inactive)/.exec(answer)?.[1];
      await pause(50);
    }
    return undefined;
  }

  /** Every answer to this INVITE until `until` or a final one is among them, or the time is up. */
  async invite(user: string, body: string, until: number, from = "+4917100001"): Promise<string[]> {
    const number = ++this.#count;
    const sip = `sip:${user}@127.0.0.1:${this.#target.port}`;
    const { port } = this.#socket.address() as AddressInfo;
    this.#to ||= `<${sip}>`;
    const headers = (method: string) => [
      `${method} ${sip} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${this.#id}${number}${method};rport`,
      `From: <sip:${from}@127.0.0.1>;tag=${this.#id}`,
      `To: ${this.#to}`,
      `Call-ID: ${this.#id}`,
      `CSeq: ${number} ${method}`,
      `Contact: <sip:caller@127.0.0.1:${port}>`,
      "Max-Forwards: 70",
    ];
    const type = body === "" ? [] : ["Content-Type: application/sdp"];
    this.#send([...headers("INVITE"), ...type, `Content-Length: ${body.length}`, "", body]);
    const mine = () => this.#seen.filter((text) => text.includes(`CSeq: ${number} INVITE`));
    const isOver = () => mine().some((text) => statusOf(text) === until || statusOf(text) >= 200);
    for (let waited = 0; waited < 5_000 && !isOver(); waited += 10) await pause(10);
    this.#to = /^To: (.*)$/m.exec(mine().at(-1) ?? "")?.[1]?.trim() ?? this.#to;
    if (isOver() && until >= 200) this.#send([...headers("ACK"), "Content-Length: 0", "", ""]);
    return mine();
  }

  #send(lines: string[]): void {
    this.#socket.send(lines.join("\r\n"), this.#target.port, this.#target.host);
  }

  close(): void {
    this.#socket.close();
  }
}

const statusOf = (text: string) => Number(/^SIP\/2\.0 (\d+)/.exec(text)?.[1]);
const lineOf = (texts: string[], start: string) =>
  texts
    .at(-1)
    ?.split("\r\n")
    .find((line) => line.startsWith(start));

test.each([
  [`${NUMBER};npdi`, "+4917100001"],
  [`${NUMBER};ext=12`, "+4917100001;ext=3"],
  [`${NUMBER};npdi;rn=+4930999`, "+4917100001;cpc=ordinary"],
])("the number in %s, called by %s, is told without its parameters", async (user, from) => {
  expect((await telephone.invite(user, sdp(), 200, from)).map(statusOf)).toContain(200);
  expect(app.posts.find(({ url }) => url === "/calls")?.body).toMatchObject({ to: NUMBER, from: "+4917100001" });
});

test("an INVITE without SDP is never answered, and no webhook is sent", async () => {
  expect((await telephone.invite(NUMBER, "", 100)).map(statusOf)).toEqual([100]);
  await pause(500);
  expect(app.posts).toEqual([]);
});

test.each(["RTP/AVP", "RTP/AVPF"])("an offer of %s is answered with that profile", async (profile) => {
  const answers = await telephone.invite(NUMBER, sdp({ profile }), 200);
  expect(lineOf(answers, "m=")).toMatch(new RegExp(`^m=audio \\d+ ${profile} 8$`));
});

test("a hold is answered by its direction, and so is its end; the call stays up", async () => {
  const direction = (offer: object) => telephone.reinvite(sdp(offer));
  await telephone.invite(NUMBER, sdp(), 200);
  expect(await direction({ direction: "sendonly" })).toBe("recvonly");
  expect(await direction({})).toBe("sendrecv");
  expect(await direction({ direction: "inactive" })).toBe("inactive");
  expect(await direction({ address: "0.0.0.0" })).toBe("recvonly");
  expect(await direction({})).toBe("sendrecv");
  expect(jambonz.liveLegs()).toBeGreaterThan(0);
});
