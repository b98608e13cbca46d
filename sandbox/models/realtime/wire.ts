import { randomBytes } from "node:crypto";

/** An event of the protocol, either way. */
export interface WireEvent {
  type: string;
  event_id?: string;
  [field: string]: unknown;
}

/** A part of the conversation. */
export interface Item {
  id: string;
  type: string;
  role?: string;
  content?: { text?: string }[];
  output?: string;
}

/** What an answer needs of its session. */
export interface Wire {
  send(event: WireEvent): void;
  /** An item is part of the conversation from now on. */
  add(item: Item): void;
  /** Breaks the connection off, without a close frame. */
  die(): void;
}

export function idOf(kind: string): string {
  return `${kind}_${randomBytes(9).toString("hex")}`;
}
