/** Resolves `asked` at the first SIGINT, SIGTERM or SIGHUP. Further ones change nothing: stopping takes a few seconds at most. */
export function stopSignal(): { asked: Promise<void> } {
  const asked = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
  return { asked };
}
