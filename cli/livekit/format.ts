/** The format of an export. */
export const PROJECT_FORMAT = "trunkline.livekit/1";
