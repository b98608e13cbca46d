package main

import (
	"strings"

	"github.com/emiago/sipgo/sip"

	"trunkline/sip-edge/media"
)

const allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, REFER"

// receive is every request that is no repetition of one that has been received.
func (e *edge) receive(req *sip.Request, tx *sip.ServerTx) {
	if req.IsInvite() {
		if to := req.To(); to != nil && to.Params.Has("tag") {
			e.receiveReinvite(req, tx)
		} else {
			e.receiveInvite(req, tx)
		}
		return
	}
	l := e.dialogOf(req)
	if req.IsAck() {
		tx.Terminate()
		if l != nil {
			l.confirm()
		}
		return
	}
	status, after := l.answerTo(req)
	res := sip.NewResponseFromRequest(req, status, reasonPhrase(status), nil)
	res.AppendHeader(sip.NewHeader("Allow", allowed))
	_ = tx.Respond(res)
	tx.TerminateGracefully()
	if after != nil {
		after()
	}
}

// dialogOf finds the leg by Call-ID and our tag.
func (e *edge) dialogOf(req *sip.Request) *leg {
	to := req.To()
	if to == nil || req.CallID() == nil {
		return nil
	}
	tag, _ := to.Params.Get("tag")
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.dialogs[req.CallID().Value()+" "+tag]
}

// answerTo decides on a request that is neither INVITE nor ACK; l is nil outside a dialog. What it returns to be done
// comes after the answer. REGISTER is refused (own: no devices register here).
func (l *leg) answerTo(req *sip.Request) (status int, after func()) {
	switch {
	case req.Method == sip.OPTIONS:
		return 200, nil
	case l == nil:
		if req.Method == sip.REGISTER {
			return 405, nil
		}
		return 481, nil
	case req.Method == sip.BYE:
		return 200, l.remoteBye
	case req.Method == sip.INFO:
		return 200, func() { l.dtmfInfo(string(req.Body())) }
	case req.Method == sip.REFER:
		return l.refer(req)
	default:
		return 405, nil
	}
}

// remoteBye ends the leg; one that still rings has its INVITE answered 487 (RFC 3261 15.1.2).
func (l *leg) remoteBye() {
	l.mu.Lock()
	if l.inbound && l.state == stateOpen && l.asked == nil {
		_, _ = l.respond(487, "", nil, nil)
	}
	l.mu.Unlock()
	l.end("remote")
}

// dtmfInfo reads the body of an INFO: application/dtmf-relay ("Signal=5") or application/dtmf ("5").
func (l *leg) dtmfInfo(body string) {
	for _, line := range strings.Split(body, "\n") {
		name, value, relay := strings.Cut(strings.TrimSpace(line), "=")
		digit := strings.TrimSpace(value)
		if !relay {
			digit = name
		} else if !strings.EqualFold(strings.TrimSpace(name), "Signal") {
			continue
		}
		if len(digit) == 1 && strings.Contains("0123456789*#ABCD", digit) {
			l.emit("dtmf", event{"digit": digit})
		}
	}
}

func (l *leg) refer(req *sip.Request) (status int, after func()) {
	l.mu.Lock()
	accept := l.acceptRefers
	l.mu.Unlock()
	target := req.GetHeader("Refer-To")
	if !accept {
		return 501, nil
	}
	if target == nil {
		return 400, nil
	}
	return 202, func() {
		l.emit("refer", event{"referTo": target.Value(), "headers": headerPairs(req.String())})
	}
}

// receiveReinvite answers with the media there is; the remote may move its own (own: FreeSWITCH negotiates anew). A hold stays
// up: the other side of the bridge gets music, and no hook is told (seen live: jambonz-live, section 13).
func (e *edge) receiveReinvite(req *sip.Request, tx *sip.ServerTx) {
	l := e.dialogOf(req)
	if l == nil {
		_ = tx.Respond(sip.NewResponseFromRequest(req, 481, reasonPhrase(481), nil))
		return
	}
	go l.readAcks(tx)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state != stateUp || !l.hasMedia {
		_ = tx.Respond(sip.NewResponseFromRequest(req, 491, reasonPhrase(491), nil))
		return
	}
	l.dialog.refreshTarget(req.Contact())
	res := sip.NewResponseFromRequest(req, 200, "OK", l.renegotiate(string(req.Body())))
	res.AppendHeader(e.contact(l.transport))
	res.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	_ = tx.Respond(res)
}

// renegotiate takes a new offer, and returns the answer; l.mu is held. Without an offer the answer is one.
func (l *leg) renegotiate(body string) []byte {
	offer, ok := parseSDP(body)
	if !ok {
		offer = plain
	} else if offer.has(l.format.Codec) {
		l.session.Configure(l.format, offer.remote)
		l.session.Hold(offer.isHold())
	}
	l.sdpVersion++
	return writeSDP(l.session.Port(), []media.Codec{l.format.Codec}, l.format.Event, l.sdpVersion+1, offer)
}
