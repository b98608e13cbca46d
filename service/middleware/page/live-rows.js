/** The calls in the document: one row a call, changed in place, so that focus and open details stay. */
import { duration, factsOf, pointsOf, reasonOf, spoken, stateOf, trackOf, wordsOf } from "./live-format.js";

const MOST_ENDED = 50;
const template = document.querySelector("#call");
const lists = { active: document.querySelector("#active"), ended: document.querySelector("#ended") };
const rows = new Map();

/** The server's clock, as far as it is known: durations are its, not this machine's. */
let clockDifference = 0;
export function setClock(serverNow) {
  clockDifference = serverNow - Date.now();
}

export function allCalls() {
  return [...rows.values()].map(({ call }) => call);
}

/** Takes a call's row in or changes it. Returns the call as it was before. */
export function show(call) {
  const known = rows.get(call.id);
  const row = known ?? newRow();
  const before = row.call;
  row.call = call;
  rows.set(call.id, row);
  paint(row);
  place(row);
  return before;
}

/** Removes every row that is not among these calls. */
export function keepOnly(calls) {
  const ids = new Set(calls.map(({ id }) => id));
  for (const id of [...rows.keys()]) if (!ids.has(id)) remove(id);
}

export function dropOldEnded() {
  const surplus = [...lists.ended.children].slice(MOST_ENDED);
  for (const element of surplus) remove(element.dataset.id);
}

/** Hides what does not hold all the words. Returns how many rows are shown. */
export function filter(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows.values()) {
    row.element.hidden = !words.every((word) => row.words.includes(word));
    if (!row.element.hidden) shown++;
  }
  return shown;
}

/** Moves the durations of active calls on. */
export function tick() {
  const now = Date.now() + clockDifference;
  for (const { call, parts } of rows.values()) if (call.state !== "ended") paintDuration(parts, call, now);
}

function newRow() {
  const element = template.content.firstElementChild.cloneNode(true);
  const part = (name) => element.querySelector(`.${name}`);
  const names = ["state", "caller", "called", "track", "via", "duration", "reason", "timeline", "facts"];
  const parts = Object.fromEntries(names.map((name) => [name, part(name)]));
  const row = { element, parts, details: element.querySelector("details"), words: "" };
  row.details.addEventListener("toggle", () => paintDetails(row));
  return row;
}

function remove(id) {
  rows.get(id)?.element.remove();
  rows.delete(id);
}

function paint(row) {
  const { call, element, parts } = row;
  const { text, tone } = stateOf(call);
  element.dataset.id = call.id;
  element.dataset.tone = tone;
  parts.state.textContent = text;
  parts.caller.textContent = call.caller;
  parts.called.textContent = call.called;
  parts.via.textContent = [call.flow, call.carrier].filter(Boolean).join(" · ");
  parts.reason.textContent = reasonOf(call);
  parts.track.replaceChildren(...trackOf(call).map(dot));
  paintDuration(parts, call, call.endedAt ?? Date.now() + clockDifference);
  row.words = wordsOf(call);
  paintDetails(row);
}

function paintDuration(parts, call, now) {
  const milliseconds = now - call.startedAt;
  const text = duration(milliseconds);
  if (parts.duration.textContent === text) return;
  parts.duration.textContent = text;
  parts.duration.setAttribute("aria-label", spoken(milliseconds));
}

/** Only what is open is worth the work: there may be hundreds. */
function paintDetails({ call, parts, details }) {
  if (!details.open) return;
  parts.timeline.replaceChildren(...pointsOf(call).map(point));
  parts.facts.replaceChildren(...factsOf(call).flatMap(fact));
}

/** Newest first. */
function place({ call, element }) {
  const list = call.state === "ended" ? lists.ended : lists.active;
  if (element.parentElement === list) return;
  element.dataset.at = String(timeOf(call));
  const next = [...list.children].find((other) => Number(other.dataset.at) < timeOf(call));
  const hadFocus = element.contains(document.activeElement);
  list.insertBefore(element, next ?? null);
  if (hadFocus) element.querySelector("summary").focus({ preventScroll: true });
}

function timeOf(call) {
  return call.endedAt ?? call.startedAt;
}

function dot(kind) {
  const element = document.createElement("i");
  element.className = kind;
  return element;
}

function point({ text, offset, bad }) {
  const element = document.createElement("li");
  if (bad) element.className = "bad";
  element.append(text, " ", Object.assign(document.createElement("time"), { textContent: offset }));
  return element;
}

function fact([name, value]) {
  const term = Object.assign(document.createElement("dt"), { textContent: name });
  return [term, Object.assign(document.createElement("dd"), { textContent: value })];
}
