package media

import (
	"bytes"
	"math"
	"testing"
)

// toneOf is one second of a sine at -10 dBm0.
func toneOf(hz float64) []int16 {
	level, out := -10.0, make([]int16, SampleRate)
	Segment{Hz: []float64{hz}, Ms: 1000, Level: &level}.render(out, 0)
	return out
}

func TestEveryCodecCarriesATone(t *testing.T) {
	for _, codec := range Codecs {
		for _, hz := range []float64{300, 1000, 3000} {
			sent := toneOf(hz)
			coded := newEncoder(codec).encode(nil, sent)
			if len(coded) != len(sent) {
				t.Fatalf("%s: %d bytes for %d samples", codec.Name(), len(coded), len(sent))
			}
			heard, signal, noise := newDecoder(codec).decode(nil, coded), 0.0, 0.0
			for i := SampleRate / 10; i < SampleRate; i++ {
				signal += float64(sent[i]) * float64(sent[i])
				noise += math.Pow(float64(sent[i])-float64(heard[i]), 2)
			}
			if ratio := 10 * math.Log10(signal/noise); ratio < 30 {
				t.Errorf("%s at %.0f Hz: %.0f dB above its noise", codec.Name(), hz, ratio)
			}
		}
	}
}

func TestG722GoesOnFromPacketToPacket(t *testing.T) {
	tone, encoder := toneOf(1000), newEncoder(G722)
	whole := newEncoder(G722).encode(nil, tone)
	packets := []byte{}
	for i := 0; i < len(tone); i += FrameSamples {
		packets = encoder.encode(packets, tone[i:i+FrameSamples])
	}
	if !bytes.Equal(packets, whole) {
		t.Error("the packets are not the stream")
	}
}

type framed struct {
	first byte
	size  int
	at    uint32
}

func TestPacketsOfAnyLengthBecomePacketsOf20Ms(t *testing.T) {
	payload := func(first, size int) []byte {
		out := make([]byte, size)
		for i := range out {
			out[i] = byte(first + i/80)
		}
		return out
	}
	for name, c := range map[string]struct {
		sizes []int
		want  []framed
	}{
		"20 ms": {[]int{160, 160}, []framed{{0, 160, 0}, {2, 160, 160}}},
		"10 ms": {[]int{80, 80}, []framed{{0, 80, 0}, {1, 80, 80}}},
		"30 ms": {[]int{240, 240}, []framed{{0, 160, 0}, {2, 160, 160}, {4, 160, 320}}},
		"40 ms": {[]int{320}, []framed{{0, 160, 0}, {2, 160, 160}}},
		"60 ms": {[]int{480}, []framed{{0, 160, 0}, {2, 160, 160}, {4, 160, 320}}},
	} {
		frames, got, at := reframer{}, []framed{}, 0
		for _, size := range c.sizes {
			frames.add(payload(at/80, size), uint32(at), func(frame []byte, at uint32) {
				got = append(got, framed{frame[0], len(frame), at})
			})
			at += size
		}
		if len(got) != len(c.want) {
			t.Errorf("%s became %v", name, got)
			continue
		}
		for i, want := range c.want {
			if got[i] != want {
				t.Errorf("%s, packet %d: %+v, want %+v", name, i, got[i], want)
			}
		}
	}
}

func TestALostPacketEndsWhatWasLeft(t *testing.T) {
	frames, stamps := reframer{}, []uint32{}
	send := func(_ []byte, at uint32) { stamps = append(stamps, at) }
	frames.add(make([]byte, 240), 0, send)
	frames.add(make([]byte, 240), 480, send)
	if len(stamps) != 2 || stamps[0] != 0 || stamps[1] != 480 {
		t.Errorf("sent at %v", stamps)
	}
}
