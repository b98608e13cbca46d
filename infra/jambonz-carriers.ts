import type * as pulumi from "@pulumi/pulumi";
import { own } from "@trunkline/contract";
import {
  type JambonzApplication,
  type JambonzArgs,
  JambonzPhoneNumber,
  JambonzSipGateway,
  JambonzVoipCarrier,
} from "@trunkline/providers";
import { addressOf, common, DEFAULT_SIP_PORT, type WithJambonz } from "./jambonz-common.ts";
import type { PhoneCarrierSettings } from "./settings-phone-carrier.ts";

/** One phone carrier with everything that belongs to it. */
export interface PhoneCarrier {
  /** Resource names begin with it: they are in the state. */
  key: string;
  settings: PhoneCarrierSettings;
  calledNumbers: readonly string[];
  adopt: string;
  adoptGateways: Readonly<Record<string, string>>;
  adoptNumbers: Readonly<Record<string, string>>;
}

export interface DeclaredCarrier {
  carrier: JambonzVoipCarrier;
  numbers: JambonzPhoneNumber[];
}

/** A gateway as its key says it: `host:port` for calls out, a network for calls in. */
interface GatewayPlan {
  key: string;
  address: string;
  port: number;
  netmask?: number;
  inbound?: boolean | undefined;
  outbound?: boolean;
}

/** All of a stack, the one of `phoneCarrier` first. */
export function phoneCarriers({ jambonz, presentedNumbers }: WithJambonz): PhoneCarrier[] {
  const { phoneCarrier, calledNumbers = presentedNumbers, adopt } = jambonz;
  const first = {
    key: "phone",
    settings: phoneCarrier,
    calledNumbers,
    adopt: adopt.phoneCarrier,
    adoptGateways: adopt.phoneGateways,
    adoptNumbers: adopt.phoneNumbers,
  };
  const others = Object.entries(jambonz.phoneCarriers).map(
    ([key, { calledNumbers, adopt, adoptGateways, adoptNumbers, ...settings }]) => ({
      key,
      settings,
      calledNumbers,
      adopt,
      adoptGateways,
      adoptNumbers,
    }),
  );
  return [first, ...others];
}

/** What the middleware takes for calls of this stack: the called numbers, and what carriers send instead, the user name of the registration. */
export function answeredNumbers(settings: WithJambonz): string[] {
  const all = phoneCarriers(settings);
  return [
    ...all.flatMap(({ calledNumbers }) => calledNumbers),
    ...all.flatMap(({ settings: { username } }) => username ?? []),
  ];
}

/** Whether the user names are said under which calls may come: an adopted carrier's may be known to Jambonz only. */
export function knowsUserNames(settings: WithJambonz): boolean {
  return phoneCarriers(settings).every(
    ({ adopt, settings: { username, trunkType } }) =>
      adopt === "" || username !== undefined || trunkType === "static_ip",
  );
}

/** Where a carrier's calls go, and where they come from. */
export function gatewayPlans({ address, inboundAddresses }: PhoneCarrierSettings): GatewayPlan[] {
  const outbound = address === undefined ? undefined : addressOf(address);
  const inbound = (inboundAddresses ?? []).filter((each) => each !== outbound?.address);
  return [
    ...(address !== undefined && outbound !== undefined
      ? [{ key: address, ...outbound, outbound: true, inbound: inboundAddresses?.includes(outbound.address) }]
      : []),
    ...inbound.map((key) => {
      const [network = "", netmask = "32"] = key.split("/");
      return { key, address: network, port: DEFAULT_SIP_PORT, netmask: Number(netmask), inbound: true };
    }),
  ];
}

export function declarePhoneCarrier(
  settings: WithJambonz,
  phone: PhoneCarrier,
  application: JambonzApplication,
): DeclaredCarrier {
  const carrier = new JambonzVoipCarrier(phone.key, {
    ...common(settings, phone.adopt),
    ...carrierArgs(phone.settings),
    ...passwords(settings, phone.key),
    applicationSid: application.sid,
  });
  const belonging = (adopt: string): JambonzArgs & { carrierSid: pulumi.Input<string> } => ({
    ...common(settings, adopt),
    carrierSid: carrier.sid,
  });
  for (const { key, address, ...gateway } of gatewayPlans(phone.settings))
    new JambonzSipGateway(`${phone.key}-${key}`, {
      ...belonging(own(phone.adoptGateways, key) ?? ""),
      address,
      ...said({ ...gateway, ...phone.settings.gateways, protocol: phone.settings.protocol }),
    });
  const numbers = phone.calledNumbers.map(
    (number) =>
      new JambonzPhoneNumber(phone.key === "phone" ? number : `${phone.key}-${number}`, {
        ...belonging(own(phone.adoptNumbers, number) ?? ""),
        number,
        applicationSid: application.sid,
      }),
  );
  return { carrier, numbers };
}

function carrierArgs(phone: PhoneCarrierSettings) {
  const { username, realm, fromUser, fromDomain, publicIpInContact, trunkType } = phone;
  const { name, leadingPlus, description, inboundUsername, outboundProxy, techPrefix, diversion, dtmfType, isActive } =
    phone;
  return said({
    ...{
      name,
      trunkType,
      leadingPlus,
      description,
      inboundUsername,
      outboundProxy,
      techPrefix,
      diversion,
      dtmfType,
      isActive,
    },
    requiresRegister: trunkType && trunkType === "reg",
    outboundUsername: username,
    registerRealm: realm,
    registerFromUser: fromUser,
    registerFromDomain: fromDomain,
    registerPublicIpInContact: publicIpInContact,
  });
}

function passwords({ phoneCarrierPassword, phoneCarrierPasswords }: WithJambonz, key: string) {
  const given = own(phoneCarrierPasswords, key);
  const outbound = given?.outbound ?? (key === "phone" ? phoneCarrierPassword : undefined);
  return said({ outboundPassword: outbound, inboundPassword: given?.inbound });
}

type Said<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what is not said: that is left as it is found. */
export function said<T extends object>(args: T): Said<T> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as Said<T>;
}
