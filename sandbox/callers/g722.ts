/**
 * G.722 (ITU-T G.722) at 64 kbit/s, its lower sub-band only: 8 kHz samples in and out, 0–4 kHz, silence in the upper one. That
 * is what a telephone call has in it, and each sample is one byte, as in G.711. Both ends remember what went before: one
 * encoder and one decoder for each stream. Names and numbers are those of the recommendation's block diagrams.
 */

/** Upper ends of the lower sub-band's quantizer intervals, the widest last (QUANTL). */
const DECISIONS = [
  35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458,
  1612, 1765, 1980, 2195, 2557, 2919,
];
/** What the interval's number stands for, by 6 bits (INVQBL). */
const FINE_LEVELS = [
  136, 432, 728, 1040, 1360, 1688, 2032, 2400, 2776, 3168, 3576, 4008, 4464, 4944, 5456, 6000, 6576, 7192, 7856, 8576,
  9360, 10232, 11192, 12280, 13512, 14984, 16704, 19008, 21904, 24808,
];
/** The same by the upper 4 bits, which both ends adapt to (INVQAL), and how each moves the logarithmic step size (LOGSCL). */
const COARSE_LEVELS = [0, 1_200, 2_584, 4_240, 6_288, 8_968, 12_896, 20_456];
const COARSE_MOVES = [-60, -30, 58, 172, 334, 538, 1_198, 3_042];
/** The upper sub-band's two bits: always the smaller level. Its step then shrinks until the level is nothing. */
const UPPER_SILENCE = 3 << 6;
/** 2048 · 2^(i/32): the step size of a logarithm's fraction (SCALEL). */
const POWERS = Array.from({ length: 32 }, (_, i) => Math.round(2_048 * 2 ** (i / 32)));
const FIRST_STEP = 32;
const LARGEST_LOG = 18_432;

export class G722Encoder {
  readonly #low = new LowerSubBand();

  encode(samples: Int16Array): Uint8Array {
    const codes = new Uint8Array(samples.length);
    for (let i = 0; i < samples.length; i++) codes[i] = UPPER_SILENCE | this.#codeLow((samples[i] as number) >> 1);
    return codes;
  }

  #codeLow(sample: number): number {
    const difference = saturate(sample - this.#low.estimate);
    const magnitude = difference >= 0 ? difference : -difference - 1;
    const code = lowCode(intervalOf(magnitude, this.#low.step), difference < 0);
    this.#low.adapt(coarse(code), COARSE_MOVES[coarseIndex(code)] as number);
    return code;
  }
}

export class G722Decoder {
  readonly #low = new LowerSubBand();

  /** The upper two bits of a byte are those of the upper sub-band: left out. */
  decode(payload: Uint8Array): Int16Array {
    const samples = new Int16Array(payload.length);
    for (let i = 0; i < payload.length; i++) samples[i] = saturate(this.#decodeLow((payload[i] as number) & 63) * 2);
    return samples;
  }

  #decodeLow(code: number): number {
    const value = this.#low.estimate + ((this.#low.step * fine(code)) >> 15);
    this.#low.adapt(coarse(code), COARSE_MOVES[coarseIndex(code)] as number);
    return Math.max(-16_384, Math.min(16_383, value));
  }
}

function intervalOf(magnitude: number, step: number): number {
  let interval = 0;
  while (interval < DECISIONS.length && magnitude >= ((DECISIONS[interval] as number) * step) >> 12) interval++;
  return interval;
}

/** Positive intervals count down from 61; negative ones take 63 and 62, then count down from 31. */
function lowCode(interval: number, isNegative: boolean): number {
  if (!isNegative) return 61 - interval;
  return interval < 2 ? 63 - interval : 33 - interval;
}

function fine(code: number): number {
  if (code >= 32 && code < 62) return FINE_LEVELS[61 - code] as number;
  const interval = code >= 62 ? 63 - code : 33 - code;
  // Codes 0 to 3 are never sent: the smallest level.
  return -(FINE_LEVELS[interval] ?? 136);
}

/** 0, the smallest, to 7 of a code's upper 4 bits. */
function coarseIndex(code: number): number {
  const upper = code >> 2;
  if (upper === 0 || upper === 15) return 0;
  return upper < 8 ? 8 - upper : 15 - upper;
}

function coarse(code: number): number {
  const level = COARSE_LEVELS[coarseIndex(code)] as number;
  return code >> 2 < 8 ? -level : level;
}

/** The lower sub-band's adaptive quantizer and predictor, the same at both ends: two poles, six zeros. */
class LowerSubBand {
  /** The step size Δ. */
  step = FIRST_STEP;
  /** What the next sample is expected to be. */
  estimate = 0;
  #log = 0;
  #zeroPart = 0;
  /** Newest first, six of each. */
  readonly #differences = new Int32Array(6);
  readonly #zeros = new Int32Array(6);
  /** Newest first, two of each: reconstructed values r, their parts p without the poles, the poles' coefficients. */
  readonly #reconstructed = new Int32Array(2);
  readonly #partial = new Int32Array(2);
  readonly #poles = new Int32Array(2);

  /** Takes one quantized difference in; `level` in 1/32768 of the step. */
  adapt(level: number, move: number): void {
    const difference = (this.step * level) >> 15;
    this.#log = Math.max(0, Math.min(LARGEST_LOG, ((this.#log * 127) >> 7) + move));
    this.step = this.#stepOfLog();
    const reconstructed = saturate(this.estimate + difference);
    const partial = saturate(this.#zeroPart + difference);
    this.#movePoles(partial);
    this.#moveZeros(difference);
    push(this.#differences, difference);
    push(this.#reconstructed, reconstructed);
    push(this.#partial, partial);
    this.#predict();
  }

  #stepOfLog(): number {
    const power = POWERS[(this.#log >> 6) & 31] as number;
    const exponent = 8 - (this.#log >> 11);
    return (exponent < 0 ? power << -exponent : power >> exponent) << 2;
  }

  /** UPPOL2, then UPPOL1, which keeps the filter stable. */
  #movePoles(partial: number): void {
    const [poles, past] = [this.#poles, this.#partial];
    const [first, second] = [poles[0] as number, poles[1] as number];
    const isSameAsLast = isNegative(past[0]) === isNegative(partial);
    const isSameAsBefore = isNegative(past[1]) === isNegative(partial);
    const turned = Math.min(isSameAsLast ? -saturate(first * 4) : saturate(first * 4), 32_767);
    const moved = (isSameAsBefore ? 128 : -128) + (turned >> 7) + ((second * 32_512) >> 15);
    const nextSecond = Math.max(-12_288, Math.min(12_288, moved));
    const bound = saturate(15_360 - nextSecond);
    const nextFirst = saturate((isSameAsLast ? 192 : -192) + ((first * 32_640) >> 15));
    poles[0] = Math.max(-bound, Math.min(bound, nextFirst));
    poles[1] = nextSecond;
  }

  /** UPZERO. */
  #moveZeros(difference: number): void {
    const gain = difference === 0 ? 0 : 128;
    const zeros = this.#zeros;
    for (let i = 0; i < zeros.length; i++) {
      const isSame = isNegative(this.#differences[i]) === isNegative(difference);
      zeros[i] = saturate((isSame ? gain : -gain) + (((zeros[i] as number) * 32_640) >> 15));
    }
  }

  /** FILTEP, FILTEZ, PREDIC. */
  #predict(): void {
    this.#zeroPart = filtered(this.#zeros, this.#differences);
    this.estimate = saturate(filtered(this.#poles, this.#reconstructed) + this.#zeroPart);
  }
}

function filtered(coefficients: Int32Array, values: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++)
    sum += ((coefficients[i] as number) * saturate(2 * (values[i] as number))) >> 15;
  return saturate(sum);
}

/** The oldest falls out. */
function push(values: Int32Array, newest: number): void {
  values.copyWithin(1, 0, values.length - 1);
  values[0] = newest;
}

function isNegative(value: number | undefined): boolean {
  return value !== undefined && value < 0;
}

function saturate(value: number): number {
  return Math.max(-32_768, Math.min(32_767, value));
}
