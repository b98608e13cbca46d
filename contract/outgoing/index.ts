export { AnswerError } from "./answer-error.ts";
export { jsonOf, looseJson } from "./json.ts";
export { livekitAnswer } from "./livekit-answers.ts";
export { bounded } from "./livekit-rpc.ts";
export { type Answered, LONGEST_ANSWER, reasonOf, send, shortReason } from "./request.ts";
export { SIGNATURE_HEADER, signatureOf } from "./signature.ts";
