package main

import (
	"bytes"
	"strings"
	"sync"

	"github.com/emiago/sipgo/sip"
)

// rawLimit bounds the INVITEs kept for want of a taker: repetitions nobody asks for again.
const rawLimit = 1024

// rawInvites keeps INVITEs as they came in, because the parsed form has lost the sender's spelling and folding.
type rawInvites struct {
	mu    sync.Mutex
	kept  map[string]string
	order []string
}

func newRawInvites() *rawInvites { return &rawInvites{kept: map[string]string{}} }

// keep is a read filter: it changes nothing. A message that came in several TCP segments is not kept.
func (r *rawInvites) keep(_ sip.TransportReadProps, data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte("INVITE ")) {
		return data, nil
	}
	message := string(data)
	key := rawKey(headerPairs(message))
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.kept[key]; !known {
		r.order = append(r.order, key)
	}
	r.kept[key] = message
	if len(r.order) > rawLimit {
		delete(r.kept, r.order[0])
		r.order = r.order[1:]
	}
	return data, nil
}

// take returns a request as it came in, or as the stack writes it.
func (r *rawInvites) take(req *sip.Request) string {
	written := req.String()
	key := rawKey(headerPairs(written))
	r.mu.Lock()
	defer r.mu.Unlock()
	if message, ok := r.kept[key]; ok && strings.HasSuffix(message, string(req.Body())) {
		return message
	}
	return written
}

func rawKey(headers [][2]string) string {
	callID, cseq := "", ""
	for _, h := range headers {
		switch strings.ToLower(h[0]) {
		case "call-id", "i":
			callID = h[1]
		case "cseq":
			cseq = strings.Join(strings.Fields(h[1]), " ")
		}
	}
	return callID + " " + cseq
}

// headerPairs lists a message's headers in the sender's spelling and order, folded lines joined.
func headerPairs(message string) [][2]string {
	head, _, _ := strings.Cut(message, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	pairs := [][2]string{}
	for _, line := range lines[1:] {
		folded := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
		if folded && len(pairs) > 0 {
			pairs[len(pairs)-1][1] += " " + strings.TrimSpace(line)
		} else if name, value, ok := strings.Cut(line, ":"); ok {
			pairs = append(pairs, [2]string{strings.TrimSpace(name), strings.TrimSpace(value)})
		}
	}
	return pairs
}
