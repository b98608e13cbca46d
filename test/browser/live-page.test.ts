import { mkdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { checkout } from "../../sandbox/root.ts";
import { requireBrowser, whyNoBrowser } from "../../sandbox/toolchain/debian.ts";
import type { CallRecord } from "../../service/middleware/calls/call-record.ts";
import { cureOf } from "../../service/middleware/calls/reasons.ts";
import { buildServer } from "../../service/middleware/server.ts";
import { MemoryStore } from "../../service/middleware/store/memory-store.ts";
import { hostileText, UNSEEN } from "../hostile/texts.ts";
import { collecting, eventually, ScriptedRooms, testConfig } from "../service/middleware/support.ts";
import { endedCall, failedCall, sampleCall } from "./sample-calls.ts";

// The live page in a real browser, against the real service. Set SCREENSHOTS to a folder to keep what was seen.
jest.setTimeout(60_000);
const missing = whyNoBrowser();
const describeInBrowser = missing === undefined ? describe : describe.skip;

const TOKEN = "a-token-for-the-page";
let browser: Browser;
let app: FastifyInstance;
let origin: string;
let store: MemoryStore;
let page: Page;
let complaints: string[];

/** Looks show nothing: the calls stay as the store has them. */
class BlindRooms extends ScriptedRooms {
  override async lookInto(): Promise<never> {
    throw new Error("LiveKit is away");
  }
}

beforeAll(async () => {
  if (missing !== undefined) return;
  const executablePath = await requireBrowser(() => undefined);
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}, 300_000);
afterAll(() => browser?.close());

async function serve(port = 0): Promise<void> {
  const parts = { config: testConfig({ callsToken: TOKEN }), rooms: new BlindRooms(), log: collecting([]) };
  app = buildServer({ ...parts, store, pageFolder: checkout("service/middleware/page") });
  origin = await app.listen({ host: "127.0.0.1", port });
}

async function open(records: CallRecord[], options: BrowserContextOptions = {}): Promise<void> {
  store = new MemoryStore();
  for (const record of records) await keep(record);
  await serve();
  const context = await browser.newContext({ httpCredentials: { username: "me", password: TOKEN }, ...options });
  page = await context.newPage();
  complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
  await page.goto(origin);
  await seen("#connection[data-state=live]");
}

/** Records enter the store as they are, whatever their phase. */
async function keep(record: CallRecord): Promise<void> {
  await store.create(record);
  await store.update(record.context.callId, () => ({ ...record }));
}

const seen = (selector: string) => page.waitForSelector(selector, { timeout: 10_000 });
const text = async (selector: string) => (await page.textContent(selector))?.trim();
const countOf = (selector: string) => page.locator(selector).count();

async function screenshot(name: string, fullPage = false): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}

function someCalls(): CallRecord[] {
  return [
    sampleCall(1, "waiting", 1),
    sampleCall(2, "dialling", 3),
    sampleCall(3, "talking", 48),
    sampleCall(4, "talking", 187),
    failedCall(5, 17, "fallback", "the agent did not come in time"),
    sampleCall(6, "talking", 734),
    endedCall(7, 3, 62),
    failedCall(8, 400, "ended", "LiveKit did not answer in time"),
    endedCall(9, 12, 305),
    endedCall(10, 15, 44),
  ];
}

describeInBrowser(missing === undefined ? "the live page" : `the live page (skipped: ${missing})`, () => {
  afterEach(async () => {
    await page.context().close();
    await app.close();
  });

  test("shows nothing but a quiet message without calls", async () => {
    await open([]);
    expect(await text("#nothing-active")).toContain("All quiet.");
    expect(await text("#count-active")).toBe("0");
    await screenshot("empty");
    expect(complaints).toEqual([]);
  });

  test("shows active calls with state, numbers, flow, duration, and why one failed", async () => {
    await open(someCalls(), { viewport: { width: 1_280, height: 860 } });
    expect(await countOf("#active > li")).toBe(6);
    expect(await countOf("#ended > li")).toBe(4);
    const failed = page.locator("#active > li[data-tone=failed]");
    expect(await failed.locator(".reason").textContent()).toBe("the agent did not come in time");
    await failed.locator("summary").click();
    expect(await failed.locator(".facts").textContent()).toContain(
      `What to do${cureOf("the agent did not come in time")}`,
    );
    await failed.locator("summary").click();
    expect(await text("#count-talking")).toBe("3");
    expect(await text("#active > li:last-child .duration")).toMatch(/^12:1\d$/);
    await screenshot("light");
    await page.setViewportSize({ width: 1_120, height: 640 });
    await screenshot("live-page");
    expect(complaints).toEqual([]);
  });

  test("shows names that callers have chosen as text: nothing is loaded, run, hidden or turned around", async () => {
    const texts = fc.sample(hostileText, { numRuns: 60, seed: 21 });
    const text = (index: number) => texts[index % texts.length] ?? "";
    const calls = Array.from({ length: 20 }, (_, index) => {
      const call = failedCall(index, 10, "fallback", text(3 * index));
      const context = {
        ...call.context,
        caller: text(3 * index + 1),
        called: text(3 * index + 2),
        carrier: text(index),
      };
      return { ...call, context };
    });
    await open(calls);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    for (const summary of await page.locator("#active summary").all()) await summary.click();
    expect(await countOf("#active > li")).toBe(calls.length);
    expect(await countOf("#active :is(img, a, script, h1, iframe, style)")).toBe(0);
    expect(await page.locator("body").innerText()).not.toMatch(UNSEEN);
    expect({ asked, complaints }).toEqual({ asked: [], complaints: [] });
  });

  test("follows a call from its first webhook to its end without being loaded again", async () => {
    await open([]);
    const call = sampleCall(1, "waiting", 0);
    await keep(call);
    await seen("#active [data-tone=waiting]");
    expect(await page.title()).toMatch(/^\(1\)/);
    await keep(sampleCall(1, "talking", 2));
    await seen("#active [data-tone=talking]");
    await keep(endedCall(1, 0, 3));
    await seen("#ended [data-tone=done]");
    expect(await countOf("#active > li")).toBe(0);
    expect(await page.isVisible("#nothing-active")).toBe(true);
  });

  test("reads out a failure, and nothing else, to those who cannot see it", async () => {
    await open([sampleCall(1, "waiting", 5)]);
    await keep(sampleCall(2, "talking", 3));
    await seen("#active [data-tone=talking]");
    expect(await text("#news")).toBe("");
    await keep(failedCall(1, 16, "fallback", "the agent did not come in time"));
    await eventually(
      async () => (await text("#news"))?.includes("did not reach the agent: the agent did not come") ?? false,
    );
  });

  test("can be used with the keyboard alone: filter, go from call to call, open one", async () => {
    await open(someCalls());
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("skip");
    await page.keyboard.press("Tab");
    await page.keyboard.type("agent did not");
    await eventually(async () => (await countOf(".calls > li:not([hidden])")) === 1);
    expect(await text("#shown")).toBe("1 of 10 shown");
    await page.fill("#filter", "");
    await page.focus("#filter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const opened = page.locator("#active > li:nth-child(2)");
    await opened.locator(".timeline li").first().waitFor();
    expect(await opened.locator(".timeline li").allTextContents()).toContain("Agent ready +0.44 s");
    expect(await opened.locator(".facts").textContent()).toContain("my-telephony-agent");
    await screenshot("open");
  });

  test("keeps the focus and what is open when the call goes on, and when it ends", async () => {
    await open([sampleCall(2, "dialling", 3), sampleCall(4, "talking", 9)]);
    await page.click("#active > li:first-child summary");
    await keep(sampleCall(2, "talking", 5));
    await eventually(async () => (await countOf("#active [data-tone=talking]")) === 2);
    await keep(endedCall(2, 0, 7));
    await seen("#ended details[open]");
    expect(await page.evaluate("document.activeElement.closest('#ended') !== null")).toBe(true);
  });

  test("shows what the agent has measured of a call", async () => {
    const turnLatencyMs = { mean: 900, longest: 1_240 };
    const speech = { heardSeconds: 20, spokenSeconds: 7.5, spokenCharacters: 90 };
    const models = { connectMs: 300, firstAudioMs: 480, tokens: { input: 120, output: 40 }, speech };
    const agentReport = { joinMs: 100, turns: 3, turnLatencyMs, interruptions: 0, ...models };
    await open([sampleCall(2, "talking", 9, { agentReport })]);
    await page.click("#active > li:first-child summary");
    const facts = await page.locator("#active .facts").textContent();
    expect(facts).toContain("3, after 0.9 s on average, 1.2 s at most");
    expect(facts).toContain("120 read, 40 written");
    expect(facts).toContain("20 s heard, 7.5 s spoken");
    expect(facts).toContain("after 0.3 s");
  });

  test("names everything for a screen reader, and has one heading per part", async () => {
    await open(someCalls());
    const tree = await page.locator("main").ariaSnapshot();
    expect(tree).toContain('searchbox "Find a call"');
    expect(tree).toMatch(/heading "Active"/);
    expect(tree).toMatch(/With the agent \+49301\d+ to \+4989654321/);
  });

  test("shows 500 calls soon, and keeps up with them", async () => {
    const many = Array.from({ length: 500 }, (_, index) => {
      const phase = (["talking", "talking", "waiting", "dialling"] as const)[index % 4] ?? "talking";
      return sampleCall(index, phase, 2 + index);
    });
    const startedAt = Date.now();
    await open(many, { viewport: { width: 1_280, height: 860 } });
    await eventually(async () => (await countOf("#active > li")) === 500);
    expect(Date.now() - startedAt).toBeLessThan(8_000);
    for (const [index] of many.entries()) await keep(sampleCall(index, "talking", 5 + index));
    await eventually(async () => (await text("#count-talking")) === "500");
    await screenshot("many");
    expect(complaints).toEqual([]);
  });

  test.each([
    ["phone", { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
    ["phone-dark", { viewport: { width: 360, height: 740 }, colorScheme: "dark", isMobile: true }],
    ["dark", { viewport: { width: 1_280, height: 860 }, colorScheme: "dark" }],
  ] as const)("fits, with nothing cut off and enough contrast: %s", async (name, options) => {
    await open(someCalls(), options);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    expect(await page.evaluate(LOWEST_CONTRAST)).toBeGreaterThanOrEqual(4.5);
    await screenshot(name);
  });

  test("says that the connection is lost, comes back by itself, and misses nothing", async () => {
    await open([sampleCall(1, "waiting", 2)]);
    const { port } = new URL(origin);
    await app.close();
    await seen("#connection[data-state=trouble]");
    await keep(sampleCall(2, "talking", 1)); // while nobody listens
    await serve(Number(port));
    await seen("#connection[data-state=live]");
    await eventually(async () => (await countOf("#active > li")) === 2);
  });

  test("is not shown without the token", async () => {
    await open([]);
    const answers = await Promise.all(
      ["/", "/live.js", "/livekit-api/calls/events"].map((path) => fetch(origin + path)),
    );
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401]);
    expect(answers[0]?.headers.get("www-authenticate")).toMatch(/^Basic /);
  });
});

/** Run in the page: the lowest contrast (WCAG 2) of any text with the ground it stands on. */
const LOWEST_CONTRAST = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (color) => rgb(color).slice(0, 3).map((byte) => byte / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return rgb(color)[3] > 0 || !element.parentElement ? color : ground(element.parentElement);
  };
  const withText = [...document.querySelectorAll("body *")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "") && element.checkVisibility());
  return Math.min(...withText.map((element) => {
    const pair = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => b - a);
    return (pair[0] + 0.05) / (pair[1] + 0.05);
  }));
})()`;
