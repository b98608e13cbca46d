package main

import (
	"bufio"
	"encoding/json"
	"io"
	"sync"

	"trunkline/sip-edge/media"
)

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

// readCommands calls do for every line until the input ends; lines that are no command are told as errors.
func readCommands(in io.Reader, out *events, do func(command)) {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64*1024), 4*1024*1024)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var c command
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			out.emit("error", event{"command": "", "message": "not a command: " + err.Error()})
			continue
		}
		do(c)
	}
}
