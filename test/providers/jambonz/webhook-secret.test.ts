import { dispatch } from "@trunkline/providers";
import { type Jambonz, startJambonzApi, unique } from "./support.ts";

const methods = dispatch("jambonz:WebhookSecret");
const NEXT = "the-next-secret-of-the-account";
let jambonz: Jambonz;
let account: { account_sid: string };
let before: string;

const live = async () => (await jambonz.row(`/Accounts/${account.account_sid}/WebhookSecret`)).webhook_secret;
const hook = { url: "https://mw.example.com/" };
const byHand = (name: string) =>
  jambonz.byHand("Applications", { name: unique(name), call_hook: hook, call_status_hook: hook });

beforeAll(async () => {
  jambonz = await startJambonzApi();
  [account] = (await jambonz.row("/Accounts")) as unknown as [typeof account];
  before = await live();
});
afterEach(async () => {
  await jambonz.send("PUT", `/Accounts/${account.account_sid}`, { webhook_secret: before });
  await jambonz.cleanUp();
});
afterAll(() => jambonz?.stop());

test("it is set once, is drift when somebody changes it, and stays when the resource is destroyed", async () => {
  const given = { host: jambonz.url, secret: NEXT, applicationSids: [await byHand("calls")] };
  const { inputs, failures } = await methods.check({}, given);
  expect(failures).toEqual([]);
  const { id, outs = {} } = await methods.create(inputs);
  expect(id).toBe(account.account_sid);
  expect(await live()).toBe(NEXT);
  await jambonz.send("PUT", `/Accounts/${id}`, { webhook_secret: "changed-in-the-portal" });
  expect((await methods.read(id, outs)).inputs).toMatchObject({ secret: "changed-in-the-portal" });
  await methods.update(id, outs, inputs);
  expect(await live()).toBe(NEXT);
  await methods.delete(id, outs);
  expect(await live()).toBe(NEXT);
});

test("an account in which others have applications keeps its secret: in preview, and at the change itself", async () => {
  const own = await byHand("calls");
  const other = await byHand("somebody else's");
  const given = { host: jambonz.url, secret: NEXT, applicationSids: [own] };
  const told = new RegExp(`^SHARED_ACCOUNT: .*${other}.*refuse every call`);
  await expect(methods.check({}, given)).rejects.toThrow(told);
  await expect(methods.create({ ...given, accountSid: "" })).rejects.toThrow(told);
  expect(await live()).toBe(before);
});

test.each([
  ["short", "is shorter than 12 characters"],
  ["x".repeat(37), "is over 36 characters"],
])("%s is refused: it %s", async (secret, reason) => {
  const { failures } = await methods.check({}, { host: jambonz.url, secret, applicationSids: [] });
  expect(failures).toMatchObject([{ property: "secret", reason: expect.stringContaining(reason) }]);
});
