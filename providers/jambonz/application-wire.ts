import { own } from "@trunkline/contract";
import type { JambonzApplicationInputs } from "./application-fields.ts";
import { flagOf, orNull, type Row, rowOf, textOf } from "./row.ts";
import { isObscured, readPassword } from "./secrets.ts";

type Hook = JambonzApplicationInputs["callHook"];

/** Columns that are written back to an adopted application; its hooks are dealt with beside them. */
const RESTORED = [
  "name",
  "speech_synthesis_vendor",
  "speech_synthesis_language",
  "speech_synthesis_voice",
  "speech_synthesis_label",
  "speech_recognizer_vendor",
  "speech_recognizer_language",
  "speech_recognizer_label",
  "record_all_calls",
  "env_vars",
];
const HOOKS = ["call_hook", "call_status_hook"];

/** A stored application as the inputs that would declare it. */
export function describeApplication(row: Row, context: JambonzApplicationInputs): JambonzApplicationInputs {
  return {
    ...context,
    name: textOf(row, "name"),
    callHook: describeHook(rowOf(row, "call_hook")),
    callHookPassword: readPassword(rowOf(row, "call_hook")?.password, context.callHookPassword),
    statusHook: describeHook(rowOf(row, "call_status_hook")),
    statusHookPassword: readPassword(rowOf(row, "call_status_hook")?.password, context.statusHookPassword),
    synthesis: {
      vendor: textOf(row, "speech_synthesis_vendor"),
      language: textOf(row, "speech_synthesis_language"),
      voice: textOf(row, "speech_synthesis_voice"),
      label: textOf(row, "speech_synthesis_label"),
    },
    recognition: {
      vendor: textOf(row, "speech_recognizer_vendor"),
      language: textOf(row, "speech_recognizer_language"),
      label: textOf(row, "speech_recognizer_label"),
    },
    recordAllCalls: flagOf(row, "record_all_calls"),
    envVars: (rowOf(row, "env_vars") ?? {}) as JambonzApplicationInputs["envVars"],
  };
}

/**
 * The columns of an application. A hook is sent with the sid of its row: without it the API makes a new row and leaves
 * the old one behind. The name is always among them, since a PUT of hooks alone is an empty UPDATE and fails.
 */
export function applicationColumns(inputs: JambonzApplicationInputs, live?: Row): Row {
  const { synthesis, recognition } = inputs;
  return {
    name: inputs.name,
    call_hook: hookColumns(inputs.callHook, inputs.callHookPassword, live && rowOf(live, "call_hook")),
    call_status_hook: hookColumns(
      inputs.statusHook,
      inputs.statusHookPassword,
      live && rowOf(live, "call_status_hook"),
    ),
    speech_synthesis_vendor: synthesis.vendor,
    speech_synthesis_language: synthesis.language,
    speech_synthesis_voice: orNull(synthesis.voice),
    speech_synthesis_label: orNull(synthesis.label),
    speech_recognizer_vendor: recognition.vendor,
    speech_recognizer_language: recognition.language,
    speech_recognizer_label: orNull(recognition.label),
    record_all_calls: inputs.recordAllCalls ? 1 : 0,
    ...(Object.keys(inputs.envVars).length > 0 || rowOf(live ?? {}, "env_vars") ? { env_vars: inputs.envVars } : {}),
  };
}

/** A found application's columns, its hooks written into the rows that are in use now. */
export function applicationRestoration(found: Row, live: Row): Row {
  const columns = RESTORED.map((name) => [name, own(found, name) ?? null]);
  const hooks = HOOKS.flatMap((name) => {
    const hook = rowOf(found, name);
    // A hook cannot be removed again: null is refused.
    return hook === undefined ? [] : [[name, restoredHook(hook, rowOf(live, name))]];
  });
  return Object.fromEntries([...columns, ...hooks]) as Row;
}

function describeHook(row: Row | undefined): Hook {
  const method = textOf(row, "method") === "GET" ? "GET" : "POST";
  return { url: textOf(row, "url"), method, username: textOf(row, "username") };
}

function hookColumns({ url, method, username }: Hook, password: string, live: Row | undefined): Row {
  return { ...sidOf(live), url, method, username: orNull(username), password: orNull(password) };
}

function restoredHook(found: Row, live: Row | undefined): Row {
  const { url, method, username, password } = found;
  return {
    ...sidOf(live),
    url,
    method,
    username: username ?? null,
    ...(isObscured(String(password ?? "")) ? {} : { password: password ?? null }),
  };
}

function sidOf(hook: Row | undefined): Row {
  return hook === undefined ? {} : { webhook_sid: hook.webhook_sid };
}
