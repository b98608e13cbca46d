export const TEST_HELP = `Usage: npm test [-- static | PATTERN…]
Set everything up on this machine, then run the checks and tests. The last line counts them.
  static     only what needs no server: types, format, layers, dead code, secrets (npm run check)
  PATTERN    only the tests of files whose paths fit, e.g. test/providers/livekit
Exit code: 0 all passed, 1 not.`;
