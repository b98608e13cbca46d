package media

import (
	"math"
	"net"
	"net/netip"
	"testing"
	"time"
)

func TestEveryG711CodeSurvivesDecodingAndEncoding(t *testing.T) {
	for _, codec := range []Codec{PCMA, PCMU} {
		for code := range 256 {
			samples := newDecoder(codec).decode(nil, []byte{byte(code)})
			back := newDecoder(codec).decode(nil, newEncoder(codec).encode(nil, samples))
			if back[0] != samples[0] {
				t.Errorf("%s code %#x: %d became %d", codec.Name(), code, samples[0], back[0])
			}
		}
	}
}

func TestKnownG711Codes(t *testing.T) {
	// ITU-T G.711: silence is 0xd5 in A-law and 0xff in µ-law; full scale 0xaa and 0x80.
	for _, c := range []struct {
		codec  Codec
		sample int16
		code   byte
	}{{PCMA, 0, 0xd5}, {PCMU, 0, 0xff}, {PCMA, 32767, 0xaa}, {PCMU, 32767, 0x80}, {PCMA, -32768, 0x2a}, {PCMU, -32768, 0x00}} {
		if got := newEncoder(c.codec).encode(nil, []int16{c.sample})[0]; got != c.code {
			t.Errorf("%s of %d is %#x, want %#x", c.codec.Name(), c.sample, got, c.code)
		}
	}
}

func TestAPlayEndsAfterItsSegmentsAndALoopDoesNot(t *testing.T) {
	segments := []Segment{{Kind: "tone", Hz: []float64{425}, Ms: 30}, {Kind: "silence", Ms: 30}}
	frame := make([]int16, FrameSamples)
	play := &Play{Segments: segments}
	frames := 0
	for play.next(frame) {
		frames++
	}
	if frames != 3 {
		t.Errorf("60 ms are %d frames, want 3", frames)
	}
	loop := &Play{Segments: segments, Loop: true}
	for range 100 {
		if !loop.next(frame) {
			t.Fatal("a loop ended")
		}
	}
	if (&Play{Segments: []Segment{{Ms: 0}}, Loop: true}).next(frame) {
		t.Error("a loop without a sample played something")
	}
}

func TestATonesLevelIsInDbm0(t *testing.T) {
	level := 0.0
	out := make([]int16, SampleRate)
	Segment{Hz: []float64{1000}, Ms: 1000, Level: &level}.render(out, 0)
	sum := 0.0
	for _, v := range out {
		sum += float64(v) * float64(v)
	}
	rms := math.Sqrt(sum / float64(len(out)))
	if want := 32767 / math.Sqrt2 * math.Pow(10, -3.14/20); math.Abs(rms-want) > want/100 {
		t.Errorf("0 dBm0 has an rms of %.0f, want %.0f", rms, want)
	}
}

// remote is the far end of a session in these tests.
type remote struct {
	t    *testing.T
	conn *net.UDPConn
}

func newRemote(t *testing.T, s *Session, format Format) *remote {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); s.Close() })
	addr := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	s.Configure(format, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), addr.Port()))
	return &remote{t, conn}
}

func (r *remote) read() packet {
	buffer := make([]byte, 2048)
	r.conn.SetReadDeadline(time.Now().Add(2 * time.Second))
	n, err := r.conn.Read(buffer)
	if err != nil {
		r.t.Fatal(err)
	}
	p, ok := parsePacket(buffer[:n])
	if !ok {
		r.t.Fatal("not RTP")
	}
	return p
}

func (r *remote) send(to *Session, data []byte) {
	if _, err := r.conn.WriteTo(data, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: to.Port()}); err != nil {
		r.t.Fatal(err)
	}
}

func newTestSession(t *testing.T, listener Listener) *Session {
	s, err := NewSession(NewPorts(42000, 42998), NewPacer(), listener)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSequenceAndTimestampGoOnFromPlayToBridge(t *testing.T) {
	a, b := newTestSession(t, Listener{}), newTestSession(t, Listener{})
	remoteA := newRemote(t, a, Format{Codec: PCMA, Event: 101})
	remoteB := newRemote(t, b, Format{Codec: PCMU, Event: 96})
	b.Start(&Play{Segments: []Segment{{Hz: []float64{425}, Ms: 60}}})
	first, _, last := remoteB.read(), remoteB.read(), remoteB.read()
	if !first.marker || last.marker || last.sequence != first.sequence+2 || last.timestamp != first.timestamp+320 {
		t.Errorf("play: %+v … %+v", first, last)
	}
	Bridge(a, b)
	source := newStream()
	for i := range 2 {
		remoteA.send(a, source.next(uint8(PCMA), false, uint32(1000+160*i), []byte{0xd5, 0xd5}, time.Now()))
	}
	one, two := remoteB.read(), remoteB.read()
	if one.sequence != last.sequence+1 || int32(one.timestamp-last.timestamp) < 160 || two.timestamp != one.timestamp+160 {
		t.Errorf("bridge after %+v: %+v, %+v", last, one, two)
	}
	if one.payloadType != uint8(PCMU) || one.payload[0] != 0xff && one.payload[0] != 0x7f && one.payload[0] != 0xfe {
		t.Errorf("A-law silence became %#x in payload type %d", one.payload[0], one.payloadType)
	}
	remoteA.send(a, source.next(101, true, 5000, []byte{5, 10, 0, 160}, time.Now()))
	if event := remoteB.read(); event.payloadType != 96 || event.payload[0] != 5 {
		t.Errorf("the telephone-event arrived as %+v", event)
	}
}

func TestADigitIsToldOnceAndMediaFollowsTheSender(t *testing.T) {
	told := make(chan string, 9)
	s := newTestSession(t, Listener{First: func() { told <- "first" }, Digit: func(d string) { told <- d }})
	named := newRemote(t, s, Format{Codec: PCMA, Event: 101})
	moved := &remote{t, nil}
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	moved.conn = conn
	source := newStream()
	for range 3 {
		moved.send(s, source.next(101, false, 800, []byte{11, 0x8a, 3, 32}, time.Now()))
	}
	for _, want := range []string{"first", "#"} {
		if got := <-told; got != want {
			t.Errorf("told %q, want %q", got, want)
		}
	}
	s.Start(&Play{Segments: []Segment{{Hz: []float64{425}, Ms: 20}}})
	moved.read()
	if len(told) != 0 {
		t.Errorf("the repeated event was told again: %q", <-told)
	}
	named.conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if n, err := named.conn.Read(make([]byte, 100)); err == nil {
		t.Errorf("%d bytes went to the address of the SDP", n)
	}
}

func TestOnHoldTheOtherSideHearsMusicAndTheHoldingSideNothing(t *testing.T) {
	a, b := newTestSession(t, Listener{}), newTestSession(t, Listener{})
	remoteA := newRemote(t, a, Format{Codec: PCMA})
	remoteB := newRemote(t, b, Format{Codec: PCMA})
	Bridge(a, b)
	a.Hold(true)
	if first, second := remoteB.read(), remoteB.read(); second.sequence != first.sequence+1 {
		t.Errorf("music: %+v, %+v", first, second)
	}
	source := newStream()
	remoteB.send(b, source.next(uint8(PCMA), false, 1000, []byte{0xd5}, time.Now()))
	remoteA.conn.SetReadDeadline(time.Now().Add(60 * time.Millisecond))
	if n, err := remoteA.conn.Read(make([]byte, 100)); err == nil {
		t.Errorf("%d bytes went to the side that holds", n)
	}
	a.Hold(false)
	if !b.idle() {
		t.Error("the music goes on after the hold")
	}
	remoteB.send(b, source.next(uint8(PCMA), false, 1160, []byte{0xd5}, time.Now()))
	remoteA.conn.SetReadDeadline(time.Now().Add(time.Second))
	if _, err := remoteA.conn.Read(make([]byte, 100)); err != nil {
		t.Errorf("after the hold: %v", err)
	}
}
