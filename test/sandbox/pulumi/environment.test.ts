import { pulumiEnvironment } from "../../../sandbox/pulumi/cli.ts";
import { cacheFolder } from "../../../sandbox/root.ts";

const place = { workFolder: "/work-folder", pulumi: "/bin/pulumi", languageHost: "/lib/pulumi-language-nodejs" };

test("what Node compiles for one run is there for the next, where the user's cache is", () => {
  expect(pulumiEnvironment(place, {}).NODE_COMPILE_CACHE).toBe(cacheFolder("compiled"));
});

test("a place that somebody has chosen stays", () => {
  expect(pulumiEnvironment(place, { NODE_COMPILE_CACHE: "/elsewhere" }).NODE_COMPILE_CACHE).toBe("/elsewhere");
});
