import { globSync, readFileSync } from "node:fs";
import ts from "typescript";

export interface Literal {
  source: string;
  flags: string;
  file: string;
  line: number;
}

/** Every regular expression of the product that is written out: what is deployed, declared or run by a user. */
export function literalsOfTheProduct(): Literal[] {
  const files = globSync("{contract,infra,providers,service,cli}/**/*.{ts,js,mjs}", { exclude: isPackage });
  return files.flatMap((file) => literalsIn(file, readFileSync(file, "utf8")));
}

const isPackage = (path: string) => path.includes("node_modules");

function literalsIn(file: string, text: string): Literal[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const found: Literal[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push(literalOf(node, source));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function literalOf(node: ts.RegularExpressionLiteral, source: ts.SourceFile): Literal {
  const { text } = node;
  const end = text.lastIndexOf("/");
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return { source: text.slice(1, end), flags: text.slice(end + 1), file: source.fileName, line: line + 1 };
}
