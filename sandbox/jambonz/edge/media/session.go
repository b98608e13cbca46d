package media

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

// Format is what a leg's SDP exchange has agreed on.
type Format struct {
	Codec Codec
	// Event is the payload type of telephone-event (RFC 4733), 0 if not agreed.
	Event uint8
}

// Listener is told what a session receives. Called from the session's reader: must not block.
type Listener struct {
	First func()
	Digit func(digit string)
}

// Session is the media of one leg: one socket, one outgoing stream.
type Session struct {
	conn     *net.UDPConn
	pacer    *Pacer
	listener Listener

	mu       sync.Mutex
	out      *stream
	format   Format
	encoder  encoder
	decoder  decoder
	frames   reframer
	remote   netip.AddrPort
	play     *Play
	talking  bool
	peer     *Session
	source   sourceClock
	recorder *recorder
	heard    bool
	held     bool
	music    *Play
	event    lastEvent
	closed   bool
}

// sourceClock maps the timestamps of a bridged source onto the outgoing stream.
type sourceClock struct {
	active       bool
	sequence     uint16
	timestamp    uint32
	sentBaseline uint32
}

type lastEvent struct {
	seen      bool
	timestamp uint32
}

func NewSession(ports *Ports, pacer *Pacer, listener Listener) (*Session, error) {
	conn, err := ports.Listen()
	if err != nil {
		return nil, err
	}
	s := &Session{conn: conn, pacer: pacer, listener: listener, out: newStream()}
	s.agree(Format{Codec: PCMA})
	go s.receive()
	return s, nil
}

// Port is the local UDP port.
func (s *Session) Port() int { return s.conn.LocalAddr().(*net.UDPAddr).Port }

// Configure sets what was agreed and where the remote wants its media; packets from elsewhere move it there.
func (s *Session) Configure(format Format, remote netip.AddrPort) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.agree(format)
	if remote.IsValid() && !remote.Addr().IsUnspecified() {
		s.remote = remote
	}
}

// agree takes a format; the coders of the same codec go on with what they know.
func (s *Session) agree(format Format) {
	if s.encoder == nil || s.format.Codec != format.Codec {
		s.encoder, s.decoder = newEncoder(format.Codec), newDecoder(format.Codec)
	}
	s.format = format
}

// Start plays, replacing what was being played.
func (s *Session) Start(play *Play) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.play, s.talking = play, false
	s.source.active = false
	s.mu.Unlock()
	s.pacer.add(s)
}

// Stop ends the play, if any.
func (s *Session) Stop() {
	s.mu.Lock()
	s.play = nil
	s.mu.Unlock()
	s.pacer.remove(s)
}

func (s *Session) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.play == nil
}

// Record writes what the remote sends from now on.
func (s *Session) Record(path string) error {
	r, err := newRecorder(path)
	if err != nil {
		return err
	}
	s.mu.Lock()
	old := s.recorder
	s.recorder = r
	s.mu.Unlock()
	if old != nil {
		return old.close()
	}
	return nil
}

// Close ends everything and completes the recording.
func (s *Session) Close() error {
	s.Unbridge()
	s.Stop()
	err := s.conn.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.recorder != nil {
		err = s.recorder.close()
		s.recorder = nil
	}
	return err
}

// sendFrame sends the play's next 20 ms.
func (s *Session) sendFrame() {
	var frame [FrameSamples]int16
	s.mu.Lock()
	play := s.play
	if play == nil {
		s.mu.Unlock()
		s.pacer.remove(s)
		return
	}
	if play.next(frame[:]) {
		now := time.Now()
		timestamp := s.out.timestamp + FrameSamples
		if !s.talking {
			timestamp = s.out.resume(now)
		}
		payload := s.encoder.encode(make([]byte, 0, FrameSamples), frame[:])
		s.send(uint8(s.format.Codec), !s.talking, timestamp, payload, now)
		s.talking = true
		s.mu.Unlock()
		return
	}
	s.play = nil
	s.mu.Unlock()
	s.pacer.remove(s)
	if play.Done != nil {
		play.Done()
	}
}

// send writes one packet; s.mu is held. A remote that is not there yet or any more is no error.
func (s *Session) send(payloadType uint8, marker bool, timestamp uint32, payload []byte, now time.Time) {
	if s.closed || s.held || !s.remote.IsValid() {
		return
	}
	_, _ = s.conn.WriteToUDPAddrPort(s.out.next(payloadType, marker, timestamp, payload, now), s.remote)
}
