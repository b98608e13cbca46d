/** Where the state is and how it is read, who asks, and where programs are. */
const KEPT = new Set(
  [
    "ACCESS_TOKEN",
    "API",
    "BACKEND_URL",
    "CONFIG_PASSPHRASE",
    "CONFIG_PASSPHRASE_FILE",
    "CREDENTIALS_PATH",
    "DISABLE_AUTOMATIC_PLUGIN_ACQUISITION",
    "DYNAMIC_TF_PLUGIN_CACHE_DIR",
    "FALLBACK_TO_STATE_SECRETS_MANAGER",
    "HOME",
    "PLUGIN_DOWNLOAD_URL_OVERRIDES",
    "SKIP_UPDATE_CHECK",
  ].map((name) => `PULUMI_${name}`),
);
/** How a backend of files stores the state; the second is the older name. */
const KEPT_FAMILY = /^PULUMI_(DIY_BACKEND|SELF_MANAGED_STATE)_/;

/**
 * An environment in which `pulumi` does what its arguments say. By its other variables a user changes the CLI's own defaults, such as
 * PULUMI_SKIP_CONFIRMATIONS or PULUMI_OPTION_<flag>: with these our commands would get other flags, or other output than they read.
 */
export function withoutPulumiFlags(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isKept = (name: string) => !name.startsWith("PULUMI_") || KEPT.has(name) || KEPT_FAMILY.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isKept(name)));
}
