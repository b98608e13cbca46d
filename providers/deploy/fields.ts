import { z } from "zod";

export const buildHash = z.string().regex(/^[0-9a-f]{16}$/, "is no content hash of a build");
export const appName = z.string().min(1);
export const limitSeconds = z.number().int().min(1).max(1_800).default(300);
