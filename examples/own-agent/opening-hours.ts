/** In your agent this is a database, a calendar, or a request to another service. */
const HOURS = new Map([
  ["saturday", "from ten to two"],
  ["sunday", "closed"],
]);

/** @param day in English, or a date. */
export function hoursOn(day: string): string {
  const date = new Date(day);
  const name = Number.isNaN(date.getTime()) ? day : date.toLocaleDateString("en", { weekday: "long", timeZone: "UTC" });
  return HOURS.get(name.toLowerCase()) ?? "from nine to six";
}
