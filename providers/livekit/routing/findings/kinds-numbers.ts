import type { FindingKind } from "./kind.ts";

/** Numbers that no carrier sends so. LiveKit compares whole numbers: trunks without spaces, hyphens, brackets and `+`, rules character by character. */
export const NUMBER_KINDS = {
  NUMBER_SPELT_DIFFERENTLY: {
    severity: "warning",
    needs: "objects",
    means:
      "A trunk and its rule spell a number differently. Trunks ignore the +, rules do not: only one way to send the number reaches the rule.",
    example: "+493012345670 on the trunk, 493012345670 in the rule",
    cure: "Write both as the carrier sends it.",
    sources: ["livekit/sip#825", "livekit/agents#5847", "livekit/protocol#737"],
  },
  NUMBER_IS_A_PREFIX: {
    severity: "error",
    needs: "objects",
    means: "LiveKit compares whole numbers. A prefix matches nobody.",
    example: 'allowedNumbers: ["+49"]',
    cure: "List whole numbers, or leave the list empty and check the caller in the agent.",
    sources: ["livekit/sip#197"],
  },
  NUMBER_IS_A_PATTERN: {
    severity: "error",
    needs: "objects",
    means: "LiveKit knows no wildcards and no regular expressions in numbers; it compares the characters.",
    example: 'numbers: ["+4930123456*"]',
    cure: "List every number, or leave the list empty and secure the trunk with credentials.",
    sources: ["livekit/sip#197", "livekit/sip#520"],
  },
  NUMBER_WITHOUT_COUNTRY: {
    severity: "warning",
    needs: "text",
    means: "A national number. It only matches when the carrier sends exactly these digits; most send +49….",
    example: "03012345670",
    cure: "Write it in the international form, + and the country code first, unless the carrier's INVITE shows the national form.",
    sources: ["livekit/sip#484", "livekit/sip#400"],
  },
  NUMBER_WITH_00: {
    severity: "warning",
    needs: "text",
    means:
      "00, or 011 in North America, is how people dial abroad. LiveKit does not read it as +: the number does not match the one with +.",
    example: "00493012345670",
    cure: "Write + instead of what is dialled abroad.",
    sources: ["livekit/protocol#737", "livekit/sip#484"],
  },
  NUMBER_PLUS_ZERO: {
    severity: "error",
    needs: "text",
    means: "No country code begins with 0: no carrier sends this number.",
    example: "+0049…, +030…",
    cure: "Write + and the country code.",
    sources: ["livekit/sip#484", "ITU-T E.164"],
  },
  NUMBER_WITH_TRUNK_ZERO: {
    severity: "error",
    needs: "text",
    means:
      "The national prefix, (0) in most countries, is dialled inside the country only. LiveKit removes brackets and keeps the digits: another number.",
    example: "+49 (0)30 12345670",
    cure: "Leave the national prefix out.",
    sources: ["livekit protocol sip/sip.go, NormalizeNumber", "ITU-T E.123"],
  },
  NUMBER_WITH_LETTERS: {
    severity: "error",
    needs: "text",
    means: "Letters in a number. Carriers send digits; LiveKit compares such a text as it stands.",
    example: "+1800FLOWERS",
    cure: "Write the digits.",
    sources: ["livekit/sip#520", "livekit protocol sip/sip.go, NormalizeNumber"],
  },
  NUMBER_WITH_OTHER_CHARACTERS: {
    severity: "error",
    needs: "text",
    means:
      "LiveKit leaves spaces, hyphens and brackets out of a number. A text with anything else in it, such as dots, slashes or digits of another script, it compares as it stands, and no carrier sends that.",
    example: '"+49.30.12345670", "+49 30/12345670"',
    cure: "Write + and digits.",
    sources: ["livekit protocol livekit/sip.go, NormalizeNumber", "livekit/sip#329"],
  },
  NUMBER_IS_EMPTY: {
    severity: "error",
    needs: "objects",
    means:
      "A list of called numbers with an empty entry is no empty list: instead of all calls it takes those to nothing, which there are not. A list of callers may have one: those without a number.",
    example: 'numbers: [""], from a variable that was not set',
    cure: "Remove the entry; an empty list means all.",
    sources: ["livekit protocol sip/sip.go, matchNumbers"],
  },
  NUMBER_IS_A_URI: {
    severity: "error",
    needs: "text",
    means: "LiveKit compares the user part of the URI. A whole URI matches nothing.",
    example: "sip:+493012345670@carrier.example, tel:+49…",
    cure: "Write the number alone.",
    sources: ["livekit-sip 1.8.0 pkg/sip/inbound.go", "livekit/sip#484"],
  },
  NUMBER_TOO_LONG: {
    severity: "error",
    needs: "text",
    means: "More than 15 digits: no telephone number has so many.",
    example: "+49301234567012345",
    cure: "Check the number: two may have been joined.",
    sources: ["ITU-T E.164"],
  },
  SEVERAL_NUMBERS_IN_ONE: {
    severity: "error",
    needs: "text",
    means: "One entry holds several numbers. LiveKit compares it as one text, which no call has.",
    example: 'numbers: ["+4930…,+4940…"]',
    cure: "Make one entry for each number.",
    sources: ["livekit-cli cmd/lk/sip.go, --numbers", "livekit/sip#484"],
  },
  NUMBER_WITH_INVISIBLE_CHARACTER: {
    severity: "error",
    needs: "text",
    means:
      "A space before the +, or a character that cannot be seen, as numbers copied from a web page or a contact have. The number never matches.",
    example: "a number with a non-breaking space or a direction mark",
    cure: "Type the number again.",
    sources: ["livekit/sip#484"],
  },
  SPACED_RULE_NUMBER: {
    severity: "error",
    needs: "objects",
    means: "Rules compare character by character, spaces and hyphens too; carriers send neither.",
    example: 'numbers: ["+49 30 1234 5670"] in a rule',
    cure: "Write it without spaces, hyphens and brackets.",
    sources: ["livekit/sip#484", "livekit/agents#5847"],
  },
  RULE_NUMBER_WITHOUT_PLUS: {
    severity: "warning",
    needs: "trunks",
    means: "Rules compare character by character: this one only matches when the carrier sends the number without +.",
    example: 'inboundNumbers: ["491711234567"]',
    cure: "Look at the INVITE's From and To, and write the number so.",
    sources: ["livekit/sip#825", "livekit/sip#329"],
  },
  NUMBER_LISTED_TWICE: {
    severity: "warning",
    needs: "text",
    means:
      "A trunk lists a number in two spellings. Trunks compare them as one; a rule that copies the list clashes with itself.",
    example: 'numbers: ["+525588902311", "525588902311"]',
    cure: "Keep one.",
    sources: ["livekit/sip#329", "livekit/sip#520"],
  },
} as const satisfies Record<string, FindingKind>;
