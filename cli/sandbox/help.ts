export const ENV_HELP = `Usage: eval "$(npx --no-install trunkline env)"
Print the exports with which pulumi works by hand on the stack "local", while \`npm start\` runs or after \`npm start -- --keep\`.`;
