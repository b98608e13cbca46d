import type { FastifyInstance } from "fastify";
import { RequestError } from "../errors.ts";
import type { Speech } from "../speech/speech.ts";

interface Asked {
  Params: { file: string };
  Querystring: { expires?: unknown; signature?: unknown };
}

/**
 * `GET /livekit-api/speech/:file?expires&signature`: a phrase as WAV, for the media server, which asks HEAD first and signs nothing
 * (jambonz-live, section 11). From memory: a server that is slow is waited for in silence.
 */
export function speechRoute(app: FastifyInstance, speech: Speech): void {
  app.get<Asked>("/livekit-api/speech/:file", async ({ params, query }, reply) => {
    const { expires, signature } = query;
    const verdict = speech.judge({ name: params.file, expires: String(expires), signature: String(signature) });
    if (verdict !== "valid")
      throw new RequestError(
        `SIGNATURE_${verdict.toUpperCase() as Uppercase<typeof verdict>}`,
        `This file's address is refused: ${verdict}.`,
        "Take the address that the verb `play` has, as it is.",
      );
    const file = speech.file(params.file);
    if (file === undefined)
      throw new RequestError("FILE_UNKNOWN", "There is no such file any more.", "Another build has other files.");
    // A media server keeps a file by its whole address.
    return reply.type("audio/wav").header("cache-control", "private, max-age=300").send(file);
  });
}
