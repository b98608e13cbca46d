package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"trunkline/sip-edge/media"
)

// protocolVersion goes up when commands or events change their meaning; sandbox/jambonz/protocol.ts has the same.
const protocolVersion = 2

// command is one line of stdin; which fields count depends on Command (sandbox/jambonz/protocol.ts has the types).
type command struct {
	Command     string            `json:"command"`
	Leg         string            `json:"leg"`
	Realm       string            `json:"realm"`
	Users       map[string]string `json:"users"`
	Status      int               `json:"status"`
	Reason      string            `json:"reason"`
	WithMedia   bool              `json:"withMedia"`
	Headers     map[string]string `json:"headers"`
	URI         string            `json:"uri"`
	Destination string            `json:"destination"`
	Transport   string            `json:"transport"`
	From        struct {
		User    string `json:"user"`
		Display string `json:"display"`
	} `json:"from"`
	Auth *struct {
		Username string `json:"username"`
		Password string `json:"password"`
	} `json:"auth"`
	Codecs   []string        `json:"codecs"`
	Play     string          `json:"play"`
	Segments []media.Segment `json:"segments"`
	Loop     bool            `json:"loop"`
	A        string          `json:"a"`
	B        string          `json:"b"`
	File     string          `json:"file"`
	Answer   string          `json:"answer"`
}

var errNotUnderstood = errors.New("this edge does not understand a command")

// event is one line of stdout.
type event map[string]any

// events writes events one at a time, each whole.
type events struct {
	mu  sync.Mutex
	out *bufio.Writer
}

func newEvents(w io.Writer) *events { return &events{out: bufio.NewWriter(w)} }

// emit writes one event. A reader that is gone ends the edge through stdin, not here.
func (e *events) emit(name string, fields event) {
	fields["event"] = name
	line, err := json.Marshal(fields)
	if err != nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	_, _ = e.out.Write(append(line, '\n'))
	_ = e.out.Flush()
}

// readCommands calls do for every line until the input ends. A line that this edge does not understand ends it: whoever sent it waits for
// something that will never come.
func readCommands(in io.Reader, do func(command) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64*1024), 4*1024*1024)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		c, err := parseCommand(lines.Bytes())
		if err == nil {
			err = do(c)
		}
		if err != nil {
			return err
		}
	}
	return lines.Err()
}

// parseCommand refuses a field that it does not know, too: it says something that would not be done.
func parseCommand(line []byte) (command, error) {
	var c command
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return c, fmt.Errorf("%w: %w", errNotUnderstood, err)
	}
	return c, nil
}
