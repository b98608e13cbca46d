/** The live page: takes the stream of calls, keeps the rows and the counts up to date, says when it cannot. */
import { reasonOf, stateOf, visible } from "./live-format.js";
import { allCalls, dropOldEnded, filter, keepOnly, setClock, show, tick } from "./live-rows.js";

const STREAM = "/livekit-api/calls/events";
/** The server says something every 15 s: later than this, the connection is dead, though nobody has noticed. */
const SILENCE_MS = 40_000;
const RECONNECT_MS = 2_000;

const element = (id) => document.querySelector(`#${id}`);
const search = element("filter");
let revision;
let heardAt = performance.now();
let stream = open();

function open() {
  const after = revision === undefined ? "" : `?after=${encodeURIComponent(revision)}`;
  const source = new EventSource(STREAM + after);
  const on = (name, take) =>
    source.addEventListener(name, (message) => {
      heardAt = performance.now();
      if (message.lastEventId !== "") revision = message.lastEventId;
      take(JSON.parse(message.data, visible));
    });
  on("snapshot", ({ calls, now }) => takeSnapshot(calls, now));
  on("calls", ({ calls, now }) => takeChanges(calls, now));
  on("beat", ({ now }) => setClock(now));
  on("trouble", ({ message }) => say("trouble", message));
  source.addEventListener("error", () => {
    say("trouble", "Connection lost. Trying again…");
    // A refused answer ends an EventSource for good, a broken connection does not.
    if (source.readyState === EventSource.CLOSED) setTimeout(reopen, RECONNECT_MS);
  });
  return source;
}

function reopen() {
  stream.close();
  heardAt = performance.now();
  stream = open();
}

function takeSnapshot(calls, now) {
  setClock(now);
  keepOnly(calls);
  for (const call of [...calls].reverse()) show(call);
  refresh();
}

function takeChanges(calls, now) {
  setClock(now);
  for (const call of calls) announce(show(call), call);
  dropOldEnded();
  refresh();
}

/** Only what went wrong is read out: calls come and go too often. */
function announce(before, call) {
  const failed = stateOf(call).tone === "failed";
  if (!failed || (before !== undefined && stateOf(before).tone === "failed")) return;
  element("news").textContent = `Call from ${call.caller} did not reach the agent: ${reasonOf(call)}`;
}

function refresh() {
  say("live", "Live");
  const calls = allCalls();
  const tones = calls.filter(({ state }) => state !== "ended").map((call) => stateOf(call).tone);
  const failed = calls.filter((call) => stateOf(call).tone === "failed").length;
  element("count-active").textContent = tones.length;
  element("count-waiting").textContent = tones.filter((tone) => tone === "waiting").length;
  element("count-talking").textContent = tones.filter((tone) => tone === "talking").length;
  element("count-failed").textContent = failed;
  document.body.classList.toggle("has-failures", failed > 0);
  element("nothing-active").hidden = tones.length > 0;
  element("nothing-ended").hidden = calls.length > tones.length;
  document.title = `${tones.length > 0 ? `(${tones.length}) ` : ""}Trunkline · live calls`;
  applyFilter();
}

function applyFilter() {
  const shown = filter(search.value);
  element("shown").textContent = search.value.trim() === "" ? "" : `${shown} of ${allCalls().length} shown`;
}

function say(state, text) {
  const connection = element("connection");
  if (connection.dataset.state === state && connection.textContent === text) return;
  connection.dataset.state = state;
  connection.textContent = text;
}

/** Arrow keys go from call to call. */
function moveFocus(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || event.target.tagName !== "SUMMARY") return;
  const summaries = [...document.querySelectorAll(".calls > li:not([hidden]) summary")];
  const next = summaries[summaries.indexOf(event.target) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

search.addEventListener("input", applyFilter);
search.form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("keydown", moveFocus);
setInterval(tick, 1_000);
setInterval(() => {
  if (performance.now() - heardAt > SILENCE_MS) reopen();
}, 5_000);
