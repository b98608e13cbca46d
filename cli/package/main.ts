// npm run package: the packages as they are published, in .trunkline/packages. With a tag: the notes of its release.
import { join } from "node:path";
import { releaseNotes } from "./notes.ts";
import { buildProviders } from "./providers.ts";

const checkout = process.cwd();
const [tag] = process.argv.slice(2);

if (tag === undefined) {
  const folder = join(checkout, ".trunkline", "packages", "providers");
  buildProviders(checkout, folder, process.env.GITHUB_REPOSITORY);
  process.stdout.write(`${folder}\n`);
} else {
  process.stdout.write(releaseNotes(checkout, tag));
}
