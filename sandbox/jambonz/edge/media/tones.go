package media

import (
	"encoding/binary"
	"math"
)

const (
	SampleRate   = 8000
	FrameSamples = 160
	// DefaultLevel in dBm0 is what announcements and ringing tones usually have.
	DefaultLevel = -15.0
	// A sine of +3.14 dBm0 is the loudest that A-law can carry (ITU-T G.711).
	overloadLevel = 3.14
)

// Segment is a part of a play: a file, a sum of tones, or silence where Hz is empty.
type Segment struct {
	Kind  string    `json:"kind"`
	Hz    []float64 `json:"hz"`
	Ms    int       `json:"ms"`
	Level *float64  `json:"level"`
	// Pcm are the samples of a file, 16 bit, little endian.
	Pcm []byte `json:"pcm"`
}

func (s Segment) samples() int {
	if len(s.Pcm) > 0 {
		return len(s.Pcm) / 2
	}
	return s.Ms * SampleRate / 1000
}

// amplitude of one tone of the segment, in linear samples.
func (s Segment) amplitude() float64 {
	level := DefaultLevel
	if s.Level != nil {
		level = *s.Level
	}
	return 32767 * math.Pow(10, (level-overloadLevel)/20)
}

// render writes the segment's samples from position on.
func (s Segment) render(out []int16, position int) {
	if len(s.Pcm) > 0 {
		for i := range out {
			out[i] = int16(binary.LittleEndian.Uint16(s.Pcm[2*(position+i):]))
		}
		return
	}
	amplitude := s.amplitude()
	for i := range out {
		sum := 0.0
		for _, hz := range s.Hz {
			sum += math.Sin(2 * math.Pi * hz * float64(position+i) / SampleRate)
		}
		out[i] = int16(max(-32768, min(32767, sum*amplitude)))
	}
}

// Play is a sequence of segments on its way to a remote.
type Play struct {
	Segments []Segment
	Loop     bool
	// Done is called when the play has come to its end by itself.
	Done func()

	index, position int
}

// empty tells whether no segment has a sample: looping over such a play would never fill a frame.
func (p *Play) empty() bool {
	for _, segment := range p.Segments {
		if segment.samples() > 0 {
			return false
		}
	}
	return true
}

// next fills one frame; false when nothing was left to play. The last frame is filled up with silence.
func (p *Play) next(frame []int16) bool {
	clear(frame)
	filled := 0
	for filled < len(frame) && p.advance() {
		segment := p.Segments[p.index]
		count := min(len(frame)-filled, segment.samples()-p.position)
		segment.render(frame[filled:filled+count], p.position)
		p.position += count
		filled += count
	}
	return filled > 0
}

// advance moves to the segment that has the next sample; false at the end.
func (p *Play) advance() bool {
	for p.index < len(p.Segments) && p.position >= p.Segments[p.index].samples() {
		p.index, p.position = p.index+1, 0
		if p.index == len(p.Segments) && p.Loop && !p.empty() {
			p.index = 0
		}
	}
	return p.index < len(p.Segments)
}
