package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/dennwc/iters"
	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/rpc"
	"github.com/livekit/protocol/sip"
	"google.golang.org/protobuf/proto"
)

type livekitMessage interface {
	proto.Message
	ID() string
}

// project holds trunks and rules sorted by id, as livekit-server's Redis store lists them.
type project struct {
	trunks []*livekit.SIPInboundTrunkInfo
	rules  []*livekit.SIPDispatchRuleInfo
}

type authentication struct {
	Error string `json:"error,omitempty"`
	// Ids of the first two trunks that clash.
	Clash    []string `json:"clash,omitempty"`
	TrunkID  string   `json:"trunkId"`
	Username string   `json:"username"`
	Password string   `json:"password"`
	Realm    string   `json:"realm"`
	// How the trunk was matched: 0 no trunks, 1 none, 2 one without numbers, 3 one with the called number.
	MatchType int `json:"matchType"`
}

type dispatch struct {
	Error  string   `json:"error,omitempty"`
	Clash  []string `json:"clash,omitempty"`
	Panic  bool     `json:"panic,omitempty"`
	Result string   `json:"result,omitempty"`
	RuleID string   `json:"ruleId,omitempty"`
	Room   string   `json:"room"`
	Agents []string `json:"agents,omitempty"`
}

func newProject(req request) (*project, error) {
	trunks, err := parse[livekit.SIPInboundTrunkInfo](req.Trunks)
	if err != nil {
		return nil, err
	}
	rules, err := parse[livekit.SIPDispatchRuleInfo](req.Rules)
	if err != nil {
		return nil, err
	}
	sortByID(trunks)
	sortByID(rules)
	return &project{trunks: trunks, rules: rules}, nil
}

func sortByID[M livekitMessage](list []M) {
	slices.SortFunc(list, func(a, b M) int { return strings.Compare(a.ID(), b.ID()) })
}

func (p *project) answer(c call) answer {
	auth := p.authenticate(c)
	if auth.Error != "" {
		return answer{Auth: auth}
	}
	first := p.evaluate(auth.TrunkID, c, "", false)
	result := answer{Auth: auth, Dispatch: &first}
	if first.Result == rpc.SIPDispatchResult_REQUEST_PIN.String() && c.Pin != nil {
		second := p.evaluate(auth.TrunkID, c, *c.Pin, *c.Pin == "")
		result.AfterPin = &second
	}
	return result
}

// authenticate is IOInfoService.GetSIPTrunkAuthentication.
func (p *project) authenticate(c call) authentication {
	req := &rpc.GetSIPTrunkAuthenticationRequest{Call: c.message()}
	if err := checkSource(c); err != nil {
		return authentication{Error: err.Error()}
	}
	var clash []string
	result, err := sip.MatchTrunkDetailed(p.listTrunks(c.Called), req.SIPCall(), sip.WithTrunkConflict(
		func(a, b *livekit.SIPInboundTrunkInfo, _ sip.TrunkConflictReason) {
			clash = []string{a.SipTrunkId, b.SipTrunkId}
		}))
	if err != nil {
		return authentication{Error: err.Error(), Clash: clash}
	}
	if result.Trunk == nil {
		return authentication{MatchType: int(result.MatchType)}
	}
	prompt, err := sip.InboundTrunkAuthPrompt(result.Trunk)
	if err != nil {
		return authentication{Error: err.Error()}
	}
	return authentication{
		TrunkID: prompt.SipTrunkId, Username: prompt.Username, Password: prompt.Password, Realm: prompt.Realm,
		MatchType: int(result.MatchType),
	}
}

// evaluate is IOInfoService.EvaluateSIPDispatchRules.
func (p *project) evaluate(trunkID string, c call, pin string, noPin bool) (d dispatch) {
	defer func() {
		if recover() != nil {
			d = dispatch{Panic: true}
		}
	}()
	req := &rpc.EvaluateSIPDispatchRulesRequest{
		SipTrunkId: trunkID, Call: c.message(), Pin: pin, NoPin: noPin,
		CallingNumber: c.Caller, CallingHost: c.FromHost, CalledNumber: c.Called, CalledHost: c.ToHost, SrcAddress: c.SourceAddress,
	}
	trunk, err := p.matchTrunk(trunkID, req.SIPCall())
	if err != nil {
		return dispatch{Error: err.Error()}
	}
	var clash []string
	rule, err := sip.MatchDispatchRuleIter(trunk, p.listRules(trunk), req, sip.WithDispatchRuleConflict(
		func(a, b *livekit.SIPDispatchRuleInfo, _ sip.DispatchRuleConflictReason) {
			clash = []string{a.SipDispatchRuleId, b.SipDispatchRuleId}
		}))
	if e := (*sip.ErrNoDispatchMatched)(nil); errors.As(err, &e) {
		return dispatch{Result: rpc.SIPDispatchResult_DROP.String()}
	}
	if err != nil {
		return dispatch{Error: err.Error(), Clash: clash}
	}
	resp, err := sip.EvaluateDispatchRule("", trunk, proto.CloneOf(rule), req)
	if err != nil {
		return dispatch{Error: err.Error()}
	}
	d = dispatch{Result: resp.Result.String(), RuleID: resp.SipDispatchRuleId, Room: resp.RoomName}
	for _, agent := range resp.GetRoomConfig().GetAgents() {
		d.Agents = append(d.Agents, agent.AgentName)
	}
	return d
}

// matchTrunk is IOInfoService.matchSIPTrunk: the trunk of the first look-up again, by its id, else all of them.
func (p *project) matchTrunk(id string, c *rpc.SIPCall) (*livekit.SIPInboundTrunkInfo, error) {
	for _, t := range p.trunks {
		if id == "" || t.SipTrunkId != id {
			continue
		}
		if t, err := sip.MatchTrunkIter(iters.Slice([]*livekit.SIPInboundTrunkInfo{t}), c); err == nil {
			return t, nil
		}
	}
	return sip.MatchTrunkIter(p.listTrunks(c.To.User), c)
}

func (p *project) listTrunks(called string) iters.Iter[*livekit.SIPInboundTrunkInfo] {
	pages := livekit.ListPageIter(func(_ context.Context, req *livekit.ListSIPInboundTrunkRequest) (*livekit.ListSIPInboundTrunkResponse, error) {
		return &livekit.ListSIPInboundTrunkResponse{Items: p.trunks}, nil
	}, &livekit.ListSIPInboundTrunkRequest{Numbers: []string{called}})
	return iters.PagesAsIter(context.Background(), pages)
}

func (p *project) listRules(trunk *livekit.SIPInboundTrunkInfo) iters.Iter[*livekit.SIPDispatchRuleInfo] {
	req := &livekit.ListSIPDispatchRuleRequest{}
	if id := trunk.ID(); id != "" {
		req.TrunkIds = []string{id}
	}
	pages := livekit.ListPageIter(func(_ context.Context, req *livekit.ListSIPDispatchRuleRequest) (*livekit.ListSIPDispatchRuleResponse, error) {
		return &livekit.ListSIPDispatchRuleResponse{Items: p.rules}, nil
	}, req)
	return iters.PagesAsIter(context.Background(), pages)
}

func checkSource(c call) error {
	if c.SourceAddress == "" {
		return nil
	}
	if _, err := netip.ParseAddr(c.SourceAddress); err != nil {
		return fmt.Errorf("source: %w", err)
	}
	return nil
}

func (c call) message() *rpc.SIPCall {
	return &rpc.SIPCall{
		LkCallId: "SCL_oracle",
		SourceIp: c.SourceAddress,
		From:     &livekit.SIPUri{User: c.Caller, Host: c.FromHost},
		To:       &livekit.SIPUri{User: c.Called, Host: c.ToHost},
	}
}
