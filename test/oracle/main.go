// The routing oracle answers, for given trunks, rules and calls, what livekit-server's own packages answer.
//
// It reads one JSON object a line (see request) and writes one a line (see response). The two look-ups are made in the
// order of livekit-server pkg/service/ioservice_sip.go; everything that decides is called, nothing is re-done.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/sip"
	"google.golang.org/protobuf/encoding/protojson"
)

type request struct {
	Trunks []json.RawMessage `json:"trunks"`
	Rules  []json.RawMessage `json:"rules"`
	Calls  []call            `json:"calls"`
}

type call struct {
	Caller        string  `json:"caller"`
	Called        string  `json:"called"`
	SourceAddress string  `json:"sourceAddress"`
	FromHost      string  `json:"fromHost"`
	ToHost        string  `json:"toHost"`
	Pin           *string `json:"pin"`
}

type response struct {
	Answers []answer `json:"answers"`
	// What ValidateTrunks and ValidateDispatchRules say about all of them: ids of the first pair, or nothing.
	TrunksRefused []string `json:"trunksRefused,omitempty"`
	RulesRefused  []string `json:"rulesRefused,omitempty"`
	// Ids of the trunks that SIPInboundTrunkInfo.Validate refuses by themselves.
	TrunksInvalid []string `json:"trunksInvalid,omitempty"`
}

type answer struct {
	Auth     authentication `json:"auth"`
	Dispatch *dispatch      `json:"dispatch,omitempty"`
	// Second look-up, with what was pressed at the prompt.
	AfterPin *dispatch `json:"afterPin,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		result, err := answerLine(line)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		out.Write(append(result, '\n'))
		if in.Buffered() == 0 {
			out.Flush()
		}
	}
}

func answerLine(line []byte) ([]byte, error) {
	var req request
	if err := json.Unmarshal(line, &req); err != nil {
		return nil, err
	}
	p, err := newProject(req)
	if err != nil {
		return nil, err
	}
	resp := response{Answers: []answer{}}
	for _, c := range req.Calls {
		resp.Answers = append(resp.Answers, p.answer(c))
	}
	resp.TrunksRefused = p.trunksRefused()
	resp.RulesRefused = p.rulesRefused()
	resp.TrunksInvalid = p.trunksInvalid()
	return json.Marshal(resp)
}

func (p *project) trunksRefused() (pair []string) {
	sip.ValidateTrunks(p.trunks, sip.WithTrunkConflict(func(a, b *livekit.SIPInboundTrunkInfo, _ sip.TrunkConflictReason) {
		pair = []string{a.SipTrunkId, b.SipTrunkId}
	}))
	return pair
}

func (p *project) rulesRefused() (pair []string) {
	err := sip.ValidateDispatchRules(p.rules, sip.WithDispatchRuleConflict(func(a, b *livekit.SIPDispatchRuleInfo, _ sip.DispatchRuleConflictReason) {
		pair = []string{a.SipDispatchRuleId, b.SipDispatchRuleId}
	}))
	if err != nil && pair == nil {
		return []string{"unknown-kind"}
	}
	return pair
}

func (p *project) trunksInvalid() (ids []string) {
	for _, t := range p.trunks {
		if t.Validate() != nil {
			ids = append(ids, t.SipTrunkId)
		}
	}
	return ids
}

func parse[T any, P interface {
	*T
	livekitMessage
}](raw []json.RawMessage) ([]P, error) {
	list := make([]P, 0, len(raw))
	for _, r := range raw {
		m := P(new(T))
		if err := protojson.Unmarshal(r, m); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}
