/**
 * The one message of settings that cannot be used: each problem on a line of its own, with the command for what is only missing.
 * @param secrets names of the settings that belong encrypted into the stack file
 */
export function report(stack: string, problems: readonly string[], secrets: readonly string[]): string {
  const list = problems.map((problem) => `  - ${problem}${remedy(problem, secrets)}`).join("\n");
  return `The settings of stack "${stack}" cannot be used (Pulumi.${stack}.yaml; keys: environment):\n${list}\nNothing was changed. Pulumi.dev.yaml explains every setting.`;
}

function remedy(problem: string, secrets: readonly string[]): string {
  const [, name = "", inEnvironment] = /^(\w+): is not set( in the environment)?$/.exec(problem) ?? [];
  if (inEnvironment !== undefined) return `: export ${name}=…`;
  return secrets.includes(name) ? `: pulumi config set --secret ${name}` : "";
}
