package media

// reframer makes packets of 20 ms out of packets of any length, whatever the other leg sends (read: FreeSWITCH
// src/switch_core_io.c, its write buffer). Lost packets end what was left of the one before.
type reframer struct {
	rest []byte
	next uint32
}

// add gives every whole frame to send, with its timestamp. A payload is a byte a sample.
func (r *reframer) add(payload []byte, timestamp uint32, send func(frame []byte, timestamp uint32)) {
	if len(r.rest) > 0 && timestamp != r.next {
		r.rest = r.rest[:0]
	}
	r.next = timestamp + uint32(len(payload))
	if len(r.rest) == 0 && len(payload) <= FrameSamples {
		send(payload, timestamp)
		return
	}
	at := timestamp - uint32(len(r.rest))
	r.rest = append(r.rest, payload...)
	for len(r.rest) >= FrameSamples {
		send(r.rest[:FrameSamples], at)
		r.rest, at = r.rest[FrameSamples:], at+FrameSamples
	}
	r.rest = append([]byte(nil), r.rest...)
}
