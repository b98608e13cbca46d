import { ESLintUtils } from "@typescript-eslint/utils";
import ts from "typescript";

const MESSAGE =
  "A text may be `constructor` or `__proto__`, which every object has: use a Map, `own(object, name)` of @trunkline/contract, Object.hasOwn or Object.fromEntries.";

/** No text that is not one of the code's own names is a key of a plain object: `object[text]`, `text in object`. */
export const textAsKey = {
  meta: { type: "problem", schema: [], messages: { key: MESSAGE } },
  create(context) {
    const services = ESLintUtils.getParserServices(context);
    const checker = services.program.getTypeChecker();
    const typeOf = (node) => checker.getNonNullableType(services.getTypeAtLocation(node));
    return {
      MemberExpression(node) {
        if (node.computed && isAnyText(typeOf(node.property)) && hasAnyName(checker, typeOf(node.object)))
          context.report({ node, messageId: "key" });
      },
      BinaryExpression(node) {
        if (node.operator === "in" && isAnyText(typeOf(node.left))) context.report({ node, messageId: "key" });
      },
    };
  },
};

function isAnyText(type) {
  if (type.isUnion()) return type.types.some(isAnyText);
  return (type.flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral)) !== 0;
}

/** `process.env` is no plain object: its names come from the system. */
function hasAnyName(checker, type) {
  if (type.symbol?.name === "ProcessEnv") return false;
  return checker.getIndexInfoOfType(type, ts.IndexKind.String) !== undefined;
}
