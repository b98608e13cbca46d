package media

import "net/netip"

func (s *Session) receive() {
	buffer := make([]byte, 2048)
	samples := make([]int16, 0, 2048)
	for {
		n, from, err := s.conn.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		if p, ok := parsePacket(buffer[:n]); ok {
			s.accept(p, netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), samples)
		}
	}
}

// accept takes one packet: where it came from is where we send to from now on.
func (s *Session) accept(p packet, from netip.AddrPort, scratch []int16) {
	s.mu.Lock()
	s.remote = from
	first := !s.heard
	s.heard = true
	format, peer := s.format, s.peer
	heard := scratch[:0]
	if p.payloadType == uint8(format.Codec) {
		heard = s.decoder.decode(heard, p.payload)
		if s.recorder != nil {
			s.recorder.add(p.timestamp, heard)
		}
	}
	digit := s.newDigit(p)
	s.mu.Unlock()
	if first && s.listener.First != nil {
		s.listener.First()
	}
	if digit != "" && s.listener.Digit != nil {
		s.listener.Digit(digit)
	}
	if peer != nil {
		peer.relay(p, format, heard)
	}
}

const digits = "0123456789*#ABCD"

// newDigit names the key of a telephone-event once: its packets are repeated with the same timestamp.
func (s *Session) newDigit(p packet) string {
	if s.format.Event == 0 || p.payloadType != s.format.Event || len(p.payload) < 4 || int(p.payload[0]) >= len(digits) {
		return ""
	}
	if s.event.seen && s.event.timestamp == p.timestamp {
		return ""
	}
	s.event = lastEvent{seen: true, timestamp: p.timestamp}
	return digits[p.payload[0] : p.payload[0]+1]
}
