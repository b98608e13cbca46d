import { APPLICATION_COLUMNS } from "../../../providers/jambonz/application-columns.ts";
import type { Column } from "../../../providers/jambonz/columns.ts";
import { NUMBER_COLUMNS } from "../../../providers/jambonz/phone-number.ts";
import { GATEWAY_COLUMNS } from "../../../providers/jambonz/sip-gateway-columns.ts";
import { CARRIER_COLUMNS } from "../../../providers/jambonz/voip-carrier-columns.ts";
import { type Jambonz, type Kind, methodsOf, startJambonzApi, unique } from "./support.ts";

/**
 * What an adoption leaves alone: every column that the program does not say. And every column that the API has can be said.
 * The lists are those of jambonz-api-server dd755f8, db/jambones-sql.sql.
 */
const API: Record<string, string[]> = {
  VoipCarriers: (
    "voip_carrier_sid name description account_sid service_provider_sid application_sid e164_leading_plus requires_register " +
    "register_username register_sip_realm register_password tech_prefix inbound_auth_username inbound_auth_password diversion " +
    "is_active created_at smpp_system_id smpp_password smpp_enquire_link_interval smpp_inbound_system_id smpp_inbound_password " +
    "register_from_user register_from_domain register_public_ip_in_contact register_status dtmf_type outbound_sip_proxy trunk_type"
  ).split(" "),
  SipGateways: (
    "sip_gateway_sid ipv4 netmask port inbound outbound voip_carrier_sid is_active send_options_ping use_sips_scheme pad_crypto " +
    "protocol remove_ice dtls_off"
  ).split(" "),
  PhoneNumbers: "phone_number_sid number voip_carrier_sid account_sid application_sid service_provider_sid".split(" "),
  Applications: (
    "application_sid name service_provider_sid account_sid call_hook_sid call_status_hook_sid messaging_hook_sid app_json " +
    "speech_synthesis_vendor speech_synthesis_language speech_synthesis_voice speech_synthesis_label speech_recognizer_vendor " +
    "speech_recognizer_language speech_recognizer_label use_for_fallback_speech fallback_speech_synthesis_vendor " +
    "fallback_speech_synthesis_language fallback_speech_synthesis_voice fallback_speech_synthesis_label " +
    "fallback_speech_recognizer_vendor fallback_speech_recognizer_language fallback_speech_recognizer_label env_vars created_at " +
    "record_all_calls"
  ).split(" "),
};
/** Whose the row is, which one it is, and what the server itself writes. Hooks are rows of `webhooks`, which the API nests. */
const NOT_SAID =
  /^(voip_carrier|sip_gateway|phone_number|application|account|service_provider)_sid$|_hook_sid$|^(created_at|register_status|number)$/;

const TABLES: [string, readonly Column[]][] = [
  ["VoipCarriers", CARRIER_COLUMNS],
  ["SipGateways", GATEWAY_COLUMNS],
  ["PhoneNumbers", NUMBER_COLUMNS],
  ["Applications", APPLICATION_COLUMNS],
];

test.each(TABLES)("every column of %s can be said", (table, columns) => {
  const ours = columns.map(({ column }) => column).filter((column) => !column.includes("."));
  const theirs = API[table]?.filter((column) => !NOT_SAID.test(column) || ours.includes(column)) ?? [];
  expect(ours.toSorted()).toEqual(theirs.toSorted());
});

test("every column of the nested webhooks can be said", () => {
  const nested = APPLICATION_COLUMNS.map(({ column }) => column).filter((column) => column.includes("."));
  const wanted = ["call_hook", "call_status_hook", "messaging_hook"].flatMap((hook) =>
    ["url", "method", "username", "password"].map((column) => `${hook}.${column}`),
  );
  expect(nested.toSorted()).toEqual(wanted.toSorted());
});

/** A row by hand, none of its columns with the default; and an input for each, by itself. */
interface Case {
  kind: Kind;
  path: "Applications" | "VoipCarriers" | "SipGateways" | "PhoneNumbers";
  byHand(): Promise<Record<string, unknown>>;
  /** Which inputs name the row. */
  named(row: Record<string, unknown>): Record<string, unknown>;
  said: Record<string, unknown>;
}

let jambonz: Jambonz;
beforeAll(async () => {
  jambonz = await startJambonzApi(5_000);
});
afterEach(() => jambonz.cleanUp());
afterAll(() => jambonz?.stop());

const hook = (path: string, method = "GET") => ({
  url: `https://old.example.com/${path}`,
  method,
  username: "old",
  password: `old ${path}`,
});
const carrierByHand = () => jambonz.byHand("VoipCarriers", { name: unique("found") });
const applicationByHand = () =>
  jambonz.byHand("Applications", { name: unique("app"), call_hook: hook("c"), call_status_hook: hook("s") });

const CASES: Case[] = [
  {
    kind: "VoipCarrier",
    path: "VoipCarriers",
    byHand: async () => ({
      name: unique("found"),
      description: "by hand",
      application_sid: await applicationByHand(),
      e164_leading_plus: 1,
      requires_register: 1,
      register_username: "user",
      register_sip_realm: "realm.example.com",
      register_password: "password",
      tech_prefix: "99",
      inbound_auth_username: "in",
      inbound_auth_password: "in password",
      diversion: "+4930",
      is_active: 0,
      smpp_system_id: "smpp",
      smpp_password: "smpp password",
      smpp_enquire_link_interval: 7,
      smpp_inbound_system_id: "smpp in",
      smpp_inbound_password: "smpp in password",
      register_from_user: "from",
      register_from_domain: "from.example.com",
      register_public_ip_in_contact: 1,
      dtmf_type: "info",
      outbound_sip_proxy: "sip:proxy.example.com",
      trunk_type: "reg",
    }),
    named: () => ({}),
    said: {
      name: "another",
      description: "said",
      trunkType: "static_ip",
      applicationSid: "",
      inboundUsername: "other",
      inboundPassword: "other",
      requiresRegister: false,
      outboundUsername: "other",
      outboundPassword: "other",
      registerRealm: "other.example.com",
      registerFromUser: "other",
      registerFromDomain: "other.example.com",
      registerPublicIpInContact: false,
      leadingPlus: false,
      techPrefix: "",
      diversion: "",
      outboundProxy: "",
      dtmfType: "rfc2833",
      isActive: true,
      smppSystemId: "",
      smppPassword: "",
      smppEnquireLinkInterval: 0,
      smppInboundSystemId: "",
      smppInboundPassword: "",
    },
  },
  {
    kind: "SipGateway",
    path: "SipGateways",
    byHand: async () => ({
      voip_carrier_sid: await carrierByHand(),
      ipv4: "192.0.2.0",
      netmask: 24,
      port: 5070,
      inbound: 1,
      outbound: 1,
      is_active: 0,
      send_options_ping: 1,
      use_sips_scheme: 1,
      pad_crypto: 1,
      protocol: "tls",
      remove_ice: 1,
      dtls_off: 1,
    }),
    named: ({ voip_carrier_sid, ipv4 }) => ({ carrierSid: voip_carrier_sid, address: ipv4 }),
    said: {
      port: 5060,
      netmask: 32,
      outbound: false,
      protocol: "udp",
      isActive: true,
      sendOptionsPing: false,
      useSipsScheme: false,
      padCrypto: false,
      removeIce: false,
      dtlsOff: false,
    },
  },
  {
    kind: "PhoneNumber",
    path: "PhoneNumbers",
    byHand: async () => ({
      number: "4930777666555",
      voip_carrier_sid: await carrierByHand(),
      application_sid: await applicationByHand(),
    }),
    named: ({ number, voip_carrier_sid }) => ({ number: `+${number}`, carrierSid: voip_carrier_sid }),
    said: { applicationSid: "" },
  },
  {
    kind: "Application",
    path: "Applications",
    byHand: async () => ({
      name: unique("found"),
      call_hook: hook("call"),
      call_status_hook: hook("status"),
      messaging_hook: hook("message"),
      app_json: '[{"verb":"hangup"}]',
      speech_synthesis_vendor: "microsoft",
      speech_synthesis_language: "de-DE",
      speech_synthesis_voice: "de-DE-KatjaNeural",
      speech_synthesis_label: "ours",
      speech_recognizer_vendor: "deepgram",
      speech_recognizer_language: "de-DE",
      speech_recognizer_label: "ours",
      use_for_fallback_speech: 1,
      fallback_speech_synthesis_vendor: "aws",
      fallback_speech_synthesis_language: "de-DE",
      fallback_speech_synthesis_voice: "Vicki",
      fallback_speech_synthesis_label: "second",
      fallback_speech_recognizer_vendor: "aws",
      fallback_speech_recognizer_language: "de-DE",
      fallback_speech_recognizer_label: "second",
      env_vars: { GREETING: "Guten Tag" },
      record_all_calls: 1,
    }),
    named: () => ({}),
    said: {
      name: "another",
      callHook: { url: "https://new.example.com/" },
      callHookPassword: "",
      statusHook: { url: "https://new.example.com/" },
      statusHookPassword: "",
      messagingHook: { url: "https://new.example.com/", method: "POST" },
      messagingHookPassword: "",
      appJson: "",
      synthesis: { language: "en-US" },
      recognition: { vendor: "google" },
      useFallbackSpeech: false,
      fallbackSynthesis: { voice: "" },
      fallbackRecognition: { label: "" },
      recordAllCalls: false,
      envVars: { GREETING: "Hello" },
    },
  },
];

/** The paths at which two rows differ. */
function changed(before: unknown, after: unknown, path = ""): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isRow = (value: unknown) => typeof value === "object" && value !== null;
  if (!isRow(before) || !isRow(after)) return [path];
  const names = Object.keys({ ...(before as object), ...(after as object) });
  return names.flatMap((name) =>
    changed((before as never)[name], (after as never)[name], path === "" ? name : `${path}.${name}`),
  );
}

describe.each(CASES)("an adopted $kind", ({ kind, path, byHand, named, said }) => {
  const methods = methodsOf(kind);
  const found = async () => {
    const given = await byHand();
    const sid = await jambonz.byHand(path, given);
    const before = await jambonz.row(methods.path(sid));
    expect(before).toMatchObject(given); // by hand, none is a default
    return { sid, before, inputs: { host: jambonz.url, adopt: sid, ...named(before) } };
  };

  test("of which nothing else is said stays as it is, in every column; and is no drift whatever becomes of it", async () => {
    const { sid, before, inputs } = await found();
    const { id, outs } = await methods.create(await methods.checked(inputs));
    expect(id).toBe(sid);
    expect(await jambonz.row(methods.path(sid))).toEqual(before);
    expect(await methods.drift(id, outs)).toEqual([]);
    const [column] = Object.keys(before).filter((name) => name === "is_active" || name === "record_all_calls");
    if (column)
      await jambonz.send("PUT", methods.path(sid), {
        ...(kind === "SipGateway" && pick(before)),
        [column]: 1 - Number(before[column]),
      });
    expect(await methods.drift(id, outs)).toEqual([]);
  });

  test.each(Object.entries(said))(
    "%s: said, it is changed and nothing beside it; shown before, drift after, and given back",
    async (name, value) => {
      const { sid, before, inputs } = await found();
      const declared = await methods.checked({ ...inputs, [name]: value });
      expect(Object.keys(declared.adopting as object)).toEqual([name]);
      expect((declared.adopting as Record<string, string>)[name]).toMatch(/ → /);
      if (/assword|envVars/.test(name)) expect(JSON.stringify(declared.adopting)).not.toMatch(/old|password"|Guten/);
      const { id, outs } = await methods.create(declared);
      const columns = changed(before, await jambonz.row(methods.path(sid)));
      expect(columns.length).toBeGreaterThan(0);
      expect(columns.length).toBeLessThanOrEqual(typeof value === "object" ? Object.keys(value as object).length : 1);
      expect(await methods.drift(id, outs)).toEqual([]);
      await methods.delete(id, outs);
      expect(await jambonz.row(methods.path(sid))).toEqual(before);
    },
  );

  test("whose line leaves the program keeps what it was: no default takes its place", async () => {
    const { sid, before, inputs } = await found();
    const declared = await methods.checked(inputs);
    const { id, outs } = await methods.create(declared);
    const { adopt: _, ...rest } = inputs;
    const { inputs: later = {} } = await methods.check(declared, rest);
    const again = await methods.update(id, outs, later);
    await methods.check(later, rest).then(({ inputs: last = {} }) => methods.update(id, again.outs, last));
    expect(await jambonz.row(methods.path(sid))).toEqual(before);
  });

  test("of an earlier version, whose state has every column, changes nothing and forgets what is not said", async () => {
    const { sid, before, inputs } = await found();
    const declared = await methods.checked(inputs);
    const { id, outs } = await methods.create(declared);
    const extra = Object.fromEntries(Object.keys(said).map((name) => [name, said[name]]));
    const updated = await methods.update(id, { ...outs, ...extra }, declared);
    expect(updated.outs).toEqual(outs);
    expect(await jambonz.row(methods.path(sid))).toEqual(before);
  });
});

function pick({ ipv4, netmask, inbound, outbound }: Record<string, unknown>): object {
  return { ipv4, netmask, inbound, outbound };
}
