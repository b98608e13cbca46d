package media

import (
	"bufio"
	"encoding/binary"
	"os"
)

// maxGap bounds the silence written for one gap in what was received: ten minutes.
const maxGap = 10 * 60 * SampleRate

// recorder writes what one remote sends as mono 16-bit WAV; gaps in the timestamps become silence.
type recorder struct {
	file    *os.File
	out     *bufio.Writer
	samples int
	next    uint32
	started bool
}

func newRecorder(path string) (*recorder, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	r := &recorder{file: file, out: bufio.NewWriter(file)}
	_, err = r.out.Write(wavHeader(0))
	return r, err
}

func wavHeader(samples int) []byte {
	h := make([]byte, 44)
	copy(h, "RIFF")
	binary.LittleEndian.PutUint32(h[4:], uint32(36+2*samples))
	copy(h[8:], "WAVEfmt ")
	binary.LittleEndian.PutUint32(h[16:], 16)
	binary.LittleEndian.PutUint16(h[20:], 1)
	binary.LittleEndian.PutUint16(h[22:], 1)
	binary.LittleEndian.PutUint32(h[24:], SampleRate)
	binary.LittleEndian.PutUint32(h[28:], 2*SampleRate)
	binary.LittleEndian.PutUint16(h[32:], 2)
	binary.LittleEndian.PutUint16(h[34:], 16)
	copy(h[36:], "data")
	binary.LittleEndian.PutUint32(h[40:], uint32(2*samples))
	return h
}

func (r *recorder) add(timestamp uint32, samples []int16) {
	if gap := int32(timestamp - r.next); r.started && gap > 0 && gap <= maxGap {
		r.write(make([]int16, gap))
	}
	r.started = true
	r.next = timestamp + uint32(len(samples))
	r.write(samples)
}

func (r *recorder) write(samples []int16) {
	_ = binary.Write(r.out, binary.LittleEndian, samples)
	r.samples += len(samples)
}

func (r *recorder) close() error {
	if err := r.out.Flush(); err != nil {
		return err
	}
	if _, err := r.file.WriteAt(wavHeader(r.samples), 0); err != nil {
		return err
	}
	return r.file.Close()
}
