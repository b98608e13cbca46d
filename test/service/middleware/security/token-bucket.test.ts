import fc from "fast-check";
import { TokenBuckets } from "../../../../service/middleware/security/token-bucket.ts";

describe("TokenBuckets", () => {
  test("lets ten seconds' worth through at once, then as much as flows in", () => {
    const buckets = new TokenBuckets(2);
    buckets.take("a", 20, 0);
    expect(buckets.waitSeconds("a", 0)).toBeGreaterThan(0);
    expect(buckets.waitSeconds("a", 600)).toBe(0);
    expect(buckets.waitSeconds("b", 0)).toBe(0);
  });

  test("never lets more through than burst and flow allow, whatever the order", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 300 }), (pauses) => {
        const buckets = new TokenBuckets(5);
        let now = 0;
        let through = 0;
        for (const pause of pauses) {
          now += pause;
          if (buckets.waitSeconds("a", now) > 0) continue;
          buckets.take("a", 1, now);
          through++;
        }
        return through <= 50 + (now / 1_000) * 5 + 1;
      }),
    );
  });

  test("forgets sources that are quiet, so that many of them cost no memory", () => {
    const buckets = new TokenBuckets(1);
    for (let index = 0; index < 30_000; index++) buckets.take(`source-${index}`, 1, index * 10);
    buckets.take("last", 10, 300_000);
    expect(buckets.waitSeconds("last", 300_000)).toBeGreaterThan(0);
  });
});
