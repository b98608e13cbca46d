/** The setting of each config var that has a default and that nothing else in the stack is made to fit. */
const SETTINGS = new Map([
  ["AGENT_CONVERSATION", "agent.conversation"],
  ["AGENT_MAX_CALLS", "heroku.agent.size"],
  ["ALLOWED_TARGETS", "allowedTargets"],
  ["ANNOUNCEMENT", "announcement"],
  ["CALL_LIMIT_SECONDS", "callLimitSeconds"],
  ["FALLBACK", "fallback"],
  ["MAX_CONCURRENT_CALLS", "maxConcurrentCalls"],
  ["MEDIA_TIMEOUT_SECONDS", "media.timeoutSeconds"],
  ["SPEECH", "speech"],
  ["STANDBY_ROOMS", "standbyRooms"],
  ["UNANSWERED_APOLOGY", "unansweredApology"],
  ["UNKNOWN_NUMBERS", "jambonz.unknownNumbers"],
]);

/** Of these config vars, those whose value is a default: the stack file does not say them, so an app that exists keeps its own. */
export function unsaidVariables(names: readonly string[], said: ReadonlySet<string>): string[] {
  return names.filter((name) => {
    const setting = SETTINGS.get(name);
    return setting !== undefined && !said.has(setting);
  });
}
