package media

import (
	"encoding/binary"
	"math/rand/v2"
	"time"
)

const headerSize = 12

// packet is what this edge needs of an RTP packet (RFC 3550); padding and extensions are read over.
type packet struct {
	marker      bool
	payloadType uint8
	sequence    uint16
	timestamp   uint32
	payload     []byte
}

func parsePacket(data []byte) (packet, bool) {
	if len(data) < headerSize || data[0]>>6 != 2 {
		return packet{}, false
	}
	start := headerSize + 4*int(data[0]&15)
	if data[0]&0x10 != 0 && len(data) >= start+4 {
		start += 4 + 4*int(binary.BigEndian.Uint16(data[start+2:]))
	}
	end := len(data)
	if data[0]&0x20 != 0 {
		end -= int(data[end-1])
	}
	if start > end {
		return packet{}, false
	}
	return packet{
		marker:      data[1]&0x80 != 0,
		payloadType: data[1] & 0x7f,
		sequence:    binary.BigEndian.Uint16(data[2:]),
		timestamp:   binary.BigEndian.Uint32(data[4:]),
		payload:     data[start:end],
	}, true
}

// stream is one outgoing RTP stream: whoever feeds it (a play, a bridge), sequence numbers and timestamps go on.
type stream struct {
	ssrc      uint32
	sequence  uint16
	timestamp uint32
	sentAt    time.Time
	buffer    [1500]byte
}

func newStream() *stream {
	return &stream{ssrc: rand.Uint32(), sequence: uint16(rand.Uint32()), timestamp: rand.Uint32()}
}

// resume advances the timestamp by the time nothing was sent, in whole frames and at least one.
func (s *stream) resume(now time.Time) uint32 {
	if s.sentAt.IsZero() {
		return s.timestamp
	}
	frames := max(1, int64(now.Sub(s.sentAt)+10*time.Millisecond)/int64(20*time.Millisecond))
	return s.timestamp + uint32(frames*FrameSamples)
}

// next builds the packet that follows; valid until the next call.
func (s *stream) next(payloadType uint8, marker bool, timestamp uint32, payload []byte, now time.Time) []byte {
	s.sequence++
	s.timestamp, s.sentAt = timestamp, now
	s.buffer[0], s.buffer[1] = 0x80, payloadType
	if marker {
		s.buffer[1] |= 0x80
	}
	binary.BigEndian.PutUint16(s.buffer[2:], s.sequence)
	binary.BigEndian.PutUint32(s.buffer[4:], s.timestamp)
	binary.BigEndian.PutUint32(s.buffer[8:], s.ssrc)
	return s.buffer[:headerSize+copy(s.buffer[headerSize:], payload)]
}
