import type { dynamic } from "@pulumi/pulumi";
import { own } from "@trunkline/contract";
import { agentReady } from "../deploy/agent-ready.ts";
import { agentRestart } from "../deploy/agent-restart.ts";
import { serviceReady } from "../deploy/service-ready.ts";
import { jambonzApplication } from "../jambonz/application.ts";
import { jambonzPhoneNumber } from "../jambonz/phone-number.ts";
import { jambonzSipGateway } from "../jambonz/sip-gateway.ts";
import { jambonzVoipCarrier } from "../jambonz/voip-carrier.ts";
import { leavable } from "../livekit/leaving.ts";
import { legacySipCleanup } from "../livekit/legacy-sip-cleanup.ts";
import { sipDispatchRule } from "../livekit/sip-dispatch-rule.ts";
import { sipInboundTrunk } from "../livekit/sip-inbound-trunk.ts";
import { sipOutboundTrunk } from "../livekit/sip-outbound-trunk.ts";
import { sipRouting } from "../livekit/sip-routing.ts";
import { shown } from "../text/foreign.ts";
import { changedFields, checkFields } from "./check.ts";
import { MOST_CHARACTERS, messageOf, TrunklineError } from "./errors.ts";
import { type Plain, withoutProvider, withoutUndefined } from "./plain.ts";
import type { Handler } from "./resource.ts";
import { containsUnknown } from "./unknown.ts";

type Provider = Required<Omit<dynamic.ResourceProvider, "configure">>;

/** Every kind there is. A kind is in the state of every stack: never rename one. */
const providers: Readonly<Record<string, Provider>> = {
  "livekit:SipOutboundTrunk": provider(leavable("outbound trunk", sipOutboundTrunk)),
  "livekit:SipInboundTrunk": provider(leavable("inbound trunk", sipInboundTrunk)),
  "livekit:SipDispatchRule": provider(leavable("dispatch rule", sipDispatchRule)),
  "livekit:SipRouting": provider(sipRouting),
  "livekit:LegacySipCleanup": provider(legacySipCleanup),
  "deploy:AgentRestart": provider(agentRestart),
  "deploy:AgentReady": provider(agentReady),
  "deploy:ServiceReady": provider(serviceReady),
  "jambonz:Application": provider(jambonzApplication),
  "jambonz:VoipCarrier": provider(jambonzVoipCarrier),
  "jambonz:SipGateway": provider(jambonzSipGateway),
  "jambonz:PhoneNumber": provider(jambonzPhoneNumber),
};

/** The code behind a stub's kind. Throws UNKNOWN_KIND for a kind that this version does not know. */
export function dispatch(kind: string): Provider {
  const found = own(providers, kind);
  if (found !== undefined) return found;
  throw new TrunklineError(
    "UNKNOWN_KIND",
    `This checkout knows no resource of kind "${kind}". Was the state written by a newer one?`,
  );
}

/** A handler as Pulumi calls it: own keys stripped, unknown values passed by, no `undefined`, no stacks. */
function provider<I extends object, O extends I>(handler: Handler<I, O>): Provider {
  return {
    check: (olds: Plain, news: Plain) =>
      guarded(() => check(handler, withoutProvider(olds ?? {}), withoutProvider(news))),
    diff: (_id: string, olds: Plain, news: Plain) =>
      guarded(async () => diff(handler, withoutProvider(olds), withoutProvider(news))),
    create: (inputs: Plain) =>
      guarded(async () => withoutUndefined(await handler.create(withoutProvider(inputs) as I))),
    read: (id: string, props: Plain | undefined) =>
      guarded(async () => {
        const found = await handler.read(id, withoutProvider(props ?? {}) as O);
        return found === undefined ? {} : withoutUndefined({ id, ...found });
      }),
    update: (id: string, olds: Plain, news: Plain) =>
      guarded(async () => {
        const outs = await handler.update(id, withoutProvider(olds) as O, withoutProvider(news) as I);
        return withoutUndefined({ outs });
      }),
    delete: (id: string, props: Plain) => guarded(() => handler.delete(id, withoutProvider(props) as O)),
  };
}

async function check<I extends object, O extends I>(
  handler: Handler<I, O>,
  olds: Plain,
  news: Plain,
): Promise<dynamic.CheckResult> {
  const { inputs: given, failures } = checkFields(handler.fields, news);
  const inputs = failures.length === 0 && handler.settle ? { ...handler.settle(given as I, olds, news) } : given;
  const isComplete = failures.length === 0 && !containsUnknown(inputs);
  const problems = isComplete ? ((await handler.validate?.(inputs as I, olds)) ?? []) : [];
  if (failures.length + problems.length === 0) problems.push(...((await handler.foresee?.(inputs as I, olds)) ?? []));
  const isGood = isComplete && problems.length === 0;
  const completed = isGood ? await handler.complete?.(inputs as I, olds) : undefined;
  const isClean = failures.length + problems.length === 0;
  const filledIn = isClean ? await handler.show?.(inputs as I, olds) : undefined;
  const told = [...failures, ...problems].map(({ property, reason }) => ({
    property,
    reason: shown(reason, MOST_CHARACTERS),
  }));
  return withoutUndefined({ inputs: { ...(completed ?? filledIn ?? inputs) }, failures: told });
}

function diff<I extends object, O extends I>(handler: Handler<I, O>, state: Plain, news: Plain): dynamic.DiffResult {
  const changed = changedFields(handler.fields, state, news);
  // An unknown value may turn out to be the old one: it must never announce a replacement.
  const replaces = handler.replaceOn.filter((name) => changed.includes(name) && !containsUnknown(news[name]));
  // The old object goes first: where the "other" host is the same one under another name, the new resource would take
  // the old object for its own, by its mark, and then lose it.
  // Without `changes` the engine works the fields out by itself, so that preview and drift reports name each of them;
  // with `changes: true` it prints the whole object, and of a changed secret nothing at all.
  return { ...(changed.length > 0 ? {} : { changes: false }), replaces, deleteBeforeReplace: replaces.length > 0 };
}

/** Pulumi prints the stack of whatever a provider throws: nobody shall need to read one. */
async function guarded<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof TrunklineError) throw cause;
    const error = new Error(shown(messageOf(cause), MOST_CHARACTERS));
    error.stack = process.env.TRUNKLINE_DEBUG === "1" && cause instanceof Error ? (cause.stack ?? "") : "";
    throw error;
  }
}
