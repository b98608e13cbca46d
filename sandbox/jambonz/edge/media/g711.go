// Package media sends and receives G.711 and G.722 over RTP: tones, bridges and recordings, 8 kHz, 20 ms a packet.
package media

// g711 is PCMA or PCMU: every code stands for itself.
type g711 Codec

var alawToLinear, ulawToLinear [256]int16

func init() {
	for i := range 256 {
		alawToLinear[i] = expandAlaw(byte(i))
		ulawToLinear[i] = expandUlaw(byte(i))
	}
}

func expandAlaw(code byte) int16 {
	code ^= 0x55
	exponent, mantissa := int(code>>4&7), int(code&15)
	value := mantissa<<4 + 8
	if exponent > 0 {
		value = (value + 0x100) << (exponent - 1)
	}
	if code&0x80 == 0 {
		value = -value
	}
	return int16(value)
}

func expandUlaw(code byte) int16 {
	code = ^code
	exponent, mantissa := int(code>>4&7), int(code&15)
	value := (mantissa<<3+0x84)<<exponent - 0x84
	if code&0x80 != 0 {
		value = -value
	}
	return int16(value)
}

func compressAlaw(sample int16) byte {
	value, sign := int(sample), byte(0x80)
	if value < 0 {
		value, sign = -value-1, 0
	}
	exponent := 0
	for limit := 0x100; exponent < 7 && value >= limit; limit <<= 1 {
		exponent++
	}
	shift := max(exponent-1, 0) + 4
	return (sign | byte(exponent<<4) | byte(value>>shift&15)) ^ 0x55
}

func compressUlaw(sample int16) byte {
	value, sign := int(sample), byte(0)
	if value < 0 {
		value, sign = -value, 0x80
	}
	value = min(value, 32635) + 0x84
	exponent := 0
	for limit := 0x100; exponent < 7 && value >= limit; limit <<= 1 {
		exponent++
	}
	return ^(sign | byte(exponent<<4) | byte(value>>(exponent+3)&15))
}

// encode appends the samples' codes to out.
func (c g711) encode(out []byte, samples []int16) []byte {
	for _, sample := range samples {
		if Codec(c) == PCMA {
			out = append(out, compressAlaw(sample))
		} else {
			out = append(out, compressUlaw(sample))
		}
	}
	return out
}

// decode appends the payload's samples to out.
func (c g711) decode(out []int16, payload []byte) []int16 {
	table := &ulawToLinear
	if Codec(c) == PCMA {
		table = &alawToLinear
	}
	for _, code := range payload {
		out = append(out, table[code])
	}
	return out
}
