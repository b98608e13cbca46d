package media

// G.722 (ITU-T G.722) at 64 kbit/s, its lower sub-band only: 8 kHz samples, one byte each, silence in the upper sub-band
// (own: 16 kHz would be twice the work, and nothing here says or hears anything above 4 kHz). Both
// ends remember what went before. Names in brackets are the recommendation's blocks.

var (
	// decisions are the upper ends of the quantizer's intervals, the widest last (QUANTL).
	decisions = [29]int{35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121,
		1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919}
	// fineLevels are what the intervals stand for, by 6 bits (INVQBL).
	fineLevels = [30]int{136, 432, 728, 1040, 1360, 1688, 2032, 2400, 2776, 3168, 3576, 4008, 4464, 4944, 5456, 6000, 6576,
		7192, 7856, 8576, 9360, 10232, 11192, 12280, 13512, 14984, 16704, 19008, 21904, 24808}
	// coarseLevels are the same by the upper 4 bits (INVQAL), coarseMoves how each moves the logarithm of the step (LOGSCL).
	coarseLevels = [8]int{0, 1200, 2584, 4240, 6288, 8968, 12896, 20456}
	coarseMoves  = [8]int{-60, -30, 58, 172, 334, 538, 1198, 3042}
	// powers are 2048·2^(i/32), rounded (SCALEL).
	powers = [32]int{2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834, 2896, 2960,
		3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008}
)

// upperSilence is the upper sub-band's two bits: always the smaller level. Its step then shrinks until the level is nothing.
const upperSilence = 3 << 6

type g722Encoder struct{ low subBand }

func newG722Encoder() *g722Encoder { return &g722Encoder{low: newLowBand()} }

func (e *g722Encoder) encode(out []byte, samples []int16) []byte {
	for _, sample := range samples {
		out = append(out, byte(upperSilence|e.codeLow(int(sample)>>1)))
	}
	return out
}

func (e *g722Encoder) codeLow(sample int) int {
	difference := saturate(sample - e.low.estimate)
	interval := 0
	for size := magnitude(difference); interval < len(decisions) && size >= decisions[interval]*e.low.step>>12; {
		interval++
	}
	code := lowCode(interval, difference < 0)
	e.low.adapt(coarse(code))
	return code
}

type g722Decoder struct{ low subBand }

func newG722Decoder() *g722Decoder { return &g722Decoder{low: newLowBand()} }

func (d *g722Decoder) decode(out []int16, payload []byte) []int16 {
	for _, code := range payload {
		low := int(code & 63)
		value := d.low.estimate + d.low.step*fine(low)>>15
		d.low.adapt(coarse(low))
		out = append(out, int16(saturate(2*max(-16384, min(16383, value)))))
	}
	return out
}

// lowCode: positive intervals count down from 61; negative ones take 63 and 62, then count down from 31.
func lowCode(interval int, negative bool) int {
	switch {
	case !negative:
		return 61 - interval
	case interval < 2:
		return 63 - interval
	default:
		return 33 - interval
	}
}

func fine(code int) int {
	switch {
	case code >= 62:
		return -fineLevels[63-code]
	case code >= 32:
		return fineLevels[61-code]
	case code >= 4:
		return -fineLevels[33-code]
	default: // never sent
		return -fineLevels[0]
	}
}

// coarse is what a code's upper 4 bits say: the level, and the move of the step.
func coarse(code int) (level, move int) {
	upper := code >> 2
	switch {
	case upper == 0 || upper == 15:
		return 0, coarseMoves[0]
	case upper < 8:
		return -coarseLevels[8-upper], coarseMoves[8-upper]
	default:
		return coarseLevels[15-upper], coarseMoves[15-upper]
	}
}

// subBand is the lower sub-band's adaptive quantizer and predictor, the same at both ends: two poles, six zeros. Newest first.
type subBand struct {
	step, estimate, zeroPart      int
	log                           int
	differences, zeros            [6]int
	reconstructed, partial, poles [2]int
}

func newLowBand() subBand { return subBand{step: 32} }

const largestLog = 18432

// adapt takes one quantized difference in; level in 1/32768 of the step.
func (b *subBand) adapt(level, move int) {
	difference := b.step * level >> 15
	b.log = max(0, min(largestLog, b.log*127>>7+move))
	b.step = b.stepOfLog()
	reconstructed, partial := saturate(b.estimate+difference), saturate(b.zeroPart+difference)
	b.movePoles(partial)
	b.moveZeros(difference)
	copy(b.differences[1:], b.differences[:5])
	b.differences[0] = difference
	b.reconstructed = [2]int{reconstructed, b.reconstructed[0]}
	b.partial = [2]int{partial, b.partial[0]}
	b.zeroPart = filtered(b.zeros[:], b.differences[:])
	b.estimate = saturate(filtered(b.poles[:], b.reconstructed[:]) + b.zeroPart)
}

func (b *subBand) stepOfLog() int {
	power, exponent := powers[b.log>>6&31], 8-b.log>>11
	if exponent < 0 {
		return power << -exponent << 2
	}
	return power >> exponent << 2
}

// movePoles (UPPOL2, then UPPOL1, which keeps the filter stable).
func (b *subBand) movePoles(partial int) {
	first, second := b.poles[0], b.poles[1]
	turned, next, moved := saturate(4*first), -192, -128
	if sameSign(b.partial[0], partial) {
		turned, next = min(-turned, 32767), 192
	}
	if sameSign(b.partial[1], partial) {
		moved = 128
	}
	second = max(-12288, min(12288, moved+turned>>7+second*32512>>15))
	bound := saturate(15360 - second)
	b.poles = [2]int{max(-bound, min(bound, saturate(next+first*32640>>15))), second}
}

// moveZeros (UPZERO).
func (b *subBand) moveZeros(difference int) {
	for i := range b.zeros {
		gain := 0
		switch {
		case difference == 0:
		case sameSign(b.differences[i], difference):
			gain = 128
		default:
			gain = -128
		}
		b.zeros[i] = saturate(gain + b.zeros[i]*32640>>15)
	}
}

// filtered (FILTEP, FILTEZ).
func filtered(coefficients, values []int) int {
	sum := 0
	for i, value := range values {
		sum += coefficients[i] * saturate(2*value) >> 15
	}
	return saturate(sum)
}

func sameSign(a, b int) bool { return a < 0 == (b < 0) }

func magnitude(difference int) int {
	if difference < 0 {
		return -difference - 1
	}
	return difference
}

func saturate(value int) int { return max(-32768, min(32767, value)) }
