import { own } from "@trunkline/contract";
import type { Answer, Row } from "./answer.ts";

const PAGE_SIZE = 50;

/**
 * A list: a bare array, or one page of it with `?page=1&page_size=50` (read: api-server lib/routes/api/applications.js) (seen live: jambonz-live, section 1).
 * @param filter the text that `column` has to contain, if any
 */
export function listAnswer(rows: Row[], query: URLSearchParams, column: string, filter: string | null): Answer {
  const wanted = rows.filter((row) => !filter || contains(own(row, column), filter));
  const page = query.get("page");
  if (page === null) return { status: 200, body: wanted };
  const size = Number(query.get("page_size") ?? PAGE_SIZE);
  const start = Math.max(Number(page) - 1, 0) * size;
  // Without page_size the answer has none: NaN, which JSON writes as null.
  const told = Number(query.get("page_size") ?? Number.NaN);
  const sorted = [...wanted].sort((a, b) => String(own(a, column)).localeCompare(String(own(b, column))));
  return {
    status: 200,
    body: { total: wanted.length, page: Number(page), page_size: told, data: sorted.slice(start, start + size) },
  };
}

/** MySQL's LIKE '%…%' takes no notice of case. */
function contains(value: unknown, part: string): boolean {
  return String(value).toLowerCase().includes(part.toLowerCase());
}
