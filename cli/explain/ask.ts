import { type Answer, type Call, routeCall, type Target, type Trunk } from "../../providers/livekit/routing/index.ts";
import type { Routes } from "../livekit/routes.ts";
import type { CallQuestion } from "./options.ts";

/** A password that no trunk has: LiveKit's cannot hold control characters. */
const WRONG_PASSWORD = "\u0000";

/** The SIP answer to one call, and how LiveKit comes to it. */
export function ask({ trunks, rules }: Routes, question: CallQuestion, target: Target): { call: Call; answer: Answer } {
  const call = callOf(question);
  const first = routeCall(trunks, rules, call, { target });
  const password = question.auth && first.trunk && passwordFor(first.trunk, question.auth);
  if (question.auth === undefined || password === undefined) return { call, answer: first };
  const withAuth = { ...call, auth: { username: question.auth.username, password } };
  return { call, answer: routeCall(trunks, rules, withAuth, { target }) };
}

function callOf({ from, to, sourceIp, fromHost, pin }: CallQuestion): Call {
  const host = fromHost ?? sourceIp;
  return {
    caller: from,
    called: to,
    sourceAddress: sourceIp ?? "",
    ...(host !== undefined && { fromHost: host }),
    ...(pin !== undefined && { pin }),
  };
}

/** Whoever knows the password knows that of the trunk the call matched. */
function passwordFor(trunk: Trunk, { knowsPassword }: { knowsPassword: boolean }): string {
  return knowsPassword ? (trunk.authPassword ?? "") : WRONG_PASSWORD;
}
