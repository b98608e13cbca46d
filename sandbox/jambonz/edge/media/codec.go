package media

// Codec is a static RTP payload type (RFC 3551). All codecs here take one byte for a sample of 8 kHz.
type Codec uint8

const (
	PCMU Codec = 0
	PCMA Codec = 8
	G722 Codec = 9
)

// Codecs are all that this edge speaks, in the order in which it offers them (read: feature-server lib/session/call-session.js) (seen live: jambonz-live, section 8).
var Codecs = []Codec{PCMU, PCMA, G722}

// Name is the codec's encoding name in SDP.
func (c Codec) Name() string {
	switch c {
	case PCMA:
		return "PCMA"
	case G722:
		return "G722"
	default:
		return "PCMU"
	}
}

// CodecOf is the codec of a payload type or false.
func CodecOf(payloadType uint8) (Codec, bool) {
	for _, codec := range Codecs {
		if uint8(codec) == payloadType {
			return codec, true
		}
	}
	return 0, false
}

// encoder turns what one stream sends into payloads. G.722 remembers what went before.
type encoder interface {
	encode(out []byte, samples []int16) []byte
}

// decoder turns what one stream receives into samples.
type decoder interface {
	decode(out []int16, payload []byte) []int16
}

func newEncoder(c Codec) encoder {
	if c == G722 {
		return newG722Encoder()
	}
	return g711(c)
}

func newDecoder(c Codec) decoder {
	if c == G722 {
		return newG722Decoder()
	}
	return g711(c)
}
