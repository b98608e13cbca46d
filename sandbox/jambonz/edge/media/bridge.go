package media

import "time"

// Bridge joins two sessions: what one receives the other sends. Plays and earlier bridges of either end.
func Bridge(a, b *Session) {
	a.Unbridge()
	b.Unbridge()
	a.Stop()
	b.Stop()
	a.setPeer(b)
	b.setPeer(a)
}

func (s *Session) setPeer(peer *Session) {
	s.mu.Lock()
	s.peer = peer
	s.source.active = false
	s.mu.Unlock()
}

// Bridged tells whether the two are joined to each other.
func (s *Session) Bridged(other *Session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peer == other
}

// Unbridge leaves the bridge, if any, on both sides.
func (s *Session) Unbridge() {
	s.mu.Lock()
	peer := s.peer
	s.peer = nil
	s.mu.Unlock()
	if peer != nil && peer.Bridged(s) {
		peer.setPeer(nil)
	}
}

// relay sends a packet that the peer received, and heard these samples in. While something is played, the play has the stream.
func (s *Session) relay(p packet, from Format, heard []int16) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.play != nil {
		return
	}
	payloadType, payload, ok := s.translate(p, from, heard)
	if !ok {
		return
	}
	now := time.Now()
	timestamp, marker, ok := s.clockFor(p, now)
	if !ok {
		return
	}
	marker = marker || p.marker
	if payloadType != uint8(s.format.Codec) {
		s.send(payloadType, marker, timestamp, payload, now)
		return
	}
	s.frames.add(payload, timestamp, func(frame []byte, at uint32) {
		s.send(payloadType, marker, at, frame, now)
		marker = false
	})
}

// translate turns a packet of the other side's format into this one's; false for what this side did not agree on.
func (s *Session) translate(p packet, from Format, heard []int16) (payloadType uint8, payload []byte, ok bool) {
	f := s.format
	switch {
	case p.payloadType == uint8(from.Codec) && f.Codec == from.Codec:
		return uint8(f.Codec), p.payload, true
	case p.payloadType == uint8(from.Codec):
		return uint8(f.Codec), s.encoder.encode(make([]byte, 0, len(heard)), heard), true
	case from.Event != 0 && p.payloadType == from.Event && f.Event != 0:
		return f.Event, p.payload, true
	default:
		return 0, nil, false
	}
}

// maxStep is the longest advance of a source's timestamp that is followed: 5 s. Beyond it the source has started anew.
const maxStep = 5 * SampleRate

// clockFor gives the outgoing timestamp of a source's packet: continuous with what was sent before, then in step with
// the source. Repetitions and late packets are left out.
func (s *Session) clockFor(p packet, now time.Time) (timestamp uint32, marker bool, ok bool) {
	step := int32(p.timestamp - s.source.timestamp)
	behind := int16(p.sequence-s.source.sequence) <= 0
	if s.source.active && behind && step <= 0 && step > -maxStep {
		return 0, false, false
	}
	restarted := !s.source.active || step > maxStep || step < -maxStep
	if restarted {
		s.source.sentBaseline = s.out.resume(now) - p.timestamp
	}
	s.source.active, s.source.sequence, s.source.timestamp = true, p.sequence, p.timestamp
	return s.source.sentBaseline + p.timestamp, restarted, true
}
