/** Every time limit of a call, in milliseconds unless the name ends in `Seconds`. Sources: design, "Timers and owners". */
export const TIMERS = {
  /** How often a room is looked into in which something is missing. */
  missingLookMs: 500,
  /** Looks into the room of a call that waits for its agent: each pause, then the last one again and again. */
  agentLooksMs: [500, 500, 500, 1_000, 1_500],
  /** The same where agents tell by themselves that they are ready. */
  toldAgentLookMs: 1_500,
  /** A room whose agent tells nothing is looked into this often while caller and agent talk: 0.08 requests per second. */
  untoldLookMs: 12_500,
  /** LiveKit's list of the rooms of all calls is asked for once in this time, and less often while there are few calls. */
  roomRoundMs: 2_000,
  /** An instance that has not said for so long that it lives has lost its calls to the others. */
  holderMs: 3_000,
  /** How often each instance says so. */
  holderBeatMs: 1_000,
  /** How often an agent's worker tells the middleware that it lives. */
  workerPulseMs: 750,
  /** A worker that has told nothing for so long is suspected to be dead: the rooms of its calls are looked into. */
  workerLostMs: 2_000,
  /** The heartbeat of a suspected agent that stands still for this long, looked at without a break, is one of the dead. */
  suspectLostMs: 2_500,
  /** A room that shows nobody at all, where caller and agent were, tells nothing for so long: LiveKit may have lost its lists. */
  emptyRoomMs: 30_000,
  /** An agent that has failed shows it for so long: longer than the pause between two looks. */
  agentFailedMs: 1_750,
  /** After this, `listDispatch` tells whether a job is running: a job request lives 3 s (facts, livekit). */
  agentRedispatchMs: 3_500,
  /** After this the caller gets the fallback. */
  agentLimitMs: 15_000,
  /** How long LiveKit lets the agent leg ring: its default of 180 s is far too long for a waiting caller. */
  ringingSeconds: 10,
  /** dial: how long jambonz lets LiveKit ring; LiveKit holds its 200 until the agent's track is there. */
  dialSeconds: 12,
  /** Of it, once the agent is there: LiveKit answers within 0.3 s then. A livekit-sip that has died meanwhile never does. */
  dialAnswerMs: 4_000,
  /** A room made ahead is looked into this often until its agent is there. */
  agentPollMs: 250,
  /** And after that, where its agent does not tell by itself that it lives. */
  livePollMs: 2_500,
  /** How often an agent shows that it lives: 0.2 % of a core for each call, and as much in LiveKit (measured on 1.13.5). */
  agentBeatMs: 1_500,
  /** An agent whose heartbeat stands still for this long, looked at without a break, is dead. Its own worker replaces a stuck one after 5 s. */
  agentBeatLostMs: 5_500,
  /** Looks at a heartbeat that are further apart than this prove nothing: LiveKit was away, or the one who looks. */
  beatLookGapMs: 3_000,
  /** An agent missing in a live call for this long is lost: one new dispatch. */
  agentLostMs: 2_000,
  /** How long the newly dispatched agent may take before the leg is ended and the caller gets the fallback. */
  agentReturnMs: 6_000,
  /**
   * How long an agent may take to leave a room whose caller has gone. A room that LiveKit closes leaves a thread and the track's memory in
   * the agent's process for ever (livekit/rust-sdks#1443, seen with rtc-node 0.13.35); a room that the agent leaves does not.
   */
  agentLeavesMs: 750,
  /** A call that was given up: so long jambonz has to tell that it moves the caller on by itself. A leg's end is told within 240 ms. */
  rescueGraceMs: 400,
  /** And then between two requests to move the caller on. */
  rescueAgainMs: 1_500,
  /** For so long another room is tried for a caller whose LiveKit is out of reach: it gives rooms to a dead server for 5 s (livekit-server 1.13.5). */
  secondTryMs: 8_000,
  /** Between two tries that were refused at once. */
  secondTryPauseMs: 500,
  /** Before music may be replaced that has just begun. */
  rescueAfterMusicMs: 250,
  /** A room is deleted again so long after the call: an agent on its way would have opened it anew. */
  roomDeleteAgainMs: 6_000,
  /** An agent that stands by and is not seen in its room for this long is missing: also the limit of its way in. */
  standbyAgentMs: 5_000,
  /** Pause before the next room is made when an agent was missing or LiveKit refused: it is full, or away. */
  standbyBackOffMs: 10_000,
  /** Pause before a room that was taken is replaced. */
  standbyRefillMs: 2_000,
  /** A room that no call has taken is replaced by a new one: none is older, but for those of an instance that was killed. */
  standbyRenewMs: 600_000,
  /** LiveKit closes a room with nobody but a waiting agent after this, counted from its making: twice `standbyRenewMs`. */
  standbyRoomSeconds: 1_200,
  /** LiveKit closes a room nobody entered after this. */
  roomEmptySeconds: 60,
  /** LiveKit closes a room everybody left after this. */
  roomDepartureSeconds: 5,
  /** Default limit of one call, on every leg. */
  callLimitSeconds: 3_600,
  /** The webhook's own deadline: jambonz gives up at 10 s and tells the caller 480. */
  webhookDeadlineMs: 3_000,
  /** jambonz signs with a timestamp; older or newer ones are refused. */
  signatureToleranceSeconds: 300,
  /** How long after its ringing limit the agent leg may still show up before the caller gets the fallback. */
  legGraceMs: 2_000,
  /** A created agent leg that is not in its room for this long was rejected or cancelled. */
  legGoneMs: 2_000,
  /** A caller who still asks for hold music this long after the agent leg arrived was not joined: dequeue tries at 1 s and 6 s. */
  joinLimitMs: 8_000,
  /** callback: without a first wait hook, the caller is taken to be in the queue this long after the announcement. */
  queueAssumedMs: 3_000,
  /** A generous pace of speech: how long the announcement may take, per character. */
  speechMsPerCharacter: 90,
  /** `503 cpu exhausted` of CreateSIPParticipant, before any INVITE was sent: pauses before the repetitions. */
  cpuExhaustedRetriesMs: [250, 500, 1_000],
  /** CreateRoom while LiveKit knows of none of its servers: pauses before the repetitions, within `webhookDeadlineMs` together. */
  noServerRetriesMs: [250, 250, 500, 500, 500, 500],
  /** How long an ended call stays in the store. */
  endedKeepSeconds: 86_400,
  /** How long a call that never ended stays after its last change: longer than the longest call that can be configured. */
  unendedKeepSeconds: 2 * 86_400,
  /** callback: jambonz's dequeue sleeps 1 s before it joins the legs, so a greeting at `active` would be lost. A caller who is heard is joined; one who is not, after this. */
  greetingDelayCallbackMs: 1_300,
} as const;
