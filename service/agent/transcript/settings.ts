import { z } from "zod";
import { httpUrl } from "../fields.ts";

const SHORTEST_SECRET = 16;
const LONGEST_NOTICE = 500;

/** The environment variables of transcripts, which are off without an address; docs/AGENT.md explains each. */
export const transcriptFields = {
  AGENT_TRANSCRIPT_URL: httpUrl.optional(),
  AGENT_TRANSCRIPT_SECRET: z.string().min(SHORTEST_SECRET, `has less than ${SHORTEST_SECRET} characters`).optional(),
  AGENT_TRANSCRIPT_NOTICE: z.string().max(LONGEST_NOTICE, `has over ${LONGEST_NOTICE} characters`).optional(),
};

/** Where transcripts go. */
export interface TranscriptSettings {
  url: string;
  /** Signs what is sent. */
  secret: string;
  /** What callers are told first, instead of a sentence in their language; empty: they are told elsewhere. */
  notice: string | undefined;
}

interface Found {
  AGENT_TRANSCRIPT_URL?: string | undefined;
  AGENT_TRANSCRIPT_SECRET?: string | undefined;
  AGENT_TRANSCRIPT_NOTICE?: string | undefined;
}

/** @returns undefined where nothing is to be written down. */
export function transcriptSettings(found: Found): TranscriptSettings | undefined {
  const { AGENT_TRANSCRIPT_URL: url, AGENT_TRANSCRIPT_SECRET: secret, AGENT_TRANSCRIPT_NOTICE: notice } = found;
  return url === undefined || secret === undefined ? undefined : { url, secret, notice };
}

/** In words, for the user. */
export function transcriptProblem(found: Found, conversation: string): string | undefined {
  if (found.AGENT_TRANSCRIPT_URL === undefined) return undefined;
  if (conversation === "echo") return "works with realtime, pipeline and a module: an echo says nothing";
  return found.AGENT_TRANSCRIPT_SECRET === undefined
    ? "needs AGENT_TRANSCRIPT_SECRET, which signs what is sent"
    : undefined;
}

const NOTICES = new Map([
  ["de", "Dieses Gespräch wird mitgeschrieben."],
  ["fr", "Cette conversation est transcrite."],
  ["es", "Esta conversación se transcribe."],
  ["it", "Questa conversazione viene trascritta."],
]);

/** @param language BCP 47. @returns undefined where callers are told elsewhere. */
export function noticeFor({ notice }: TranscriptSettings, language: string): string | undefined {
  const [primary = ""] = language.toLowerCase().split("-");
  const text = notice ?? NOTICES.get(primary) ?? "This conversation is transcribed.";
  return text === "" ? undefined : text;
}
