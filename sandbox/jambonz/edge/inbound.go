package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"

	"trunkline/sip-edge/media"
)

// receiveInvite takes an INVITE outside a dialog: a new leg, or the answer to a challenge.
func (e *edge) receiveInvite(req *sip.Request, tx *sip.ServerTx) {
	if req.From() == nil || req.To() == nil || req.CallID() == nil {
		_ = tx.Respond(sip.NewResponseFromRequest(req, 400, "Bad Request", nil))
		return
	}
	raw := e.raw.take(req)
	_ = tx.Respond(sip.NewResponseFromRequest(req, 100, "Trying", nil))
	l := &leg{edge: e, inbound: true, callID: req.CallID().Value(), transport: req.Transport(), acked: make(chan struct{})}
	l.remoteTag, _ = req.From().Params.Get("tag")
	e.mu.Lock()
	known := e.waiting[l.waitingKey()]
	e.mu.Unlock()
	if known != nil {
		known.authenticateAgain(req, tx)
		return
	}
	l.id, l.localTag = e.nextInboundID(), sip.GenerateTagN(16)
	e.mu.Lock()
	e.legs[l.id], e.dialogs[l.dialogKey()], e.waiting[l.waitingKey()] = l, l, l
	e.mu.Unlock()
	l.take(req, tx)
	l.emit("invite", inviteEvent(req, raw))
}

// take makes req the INVITE that will be answered.
func (l *leg) take(req *sip.Request, tx *sip.ServerTx) {
	// One tag on every answer, also on the 487 that the stack sends by itself on CANCEL.
	req.To().Params.Add("tag", l.localTag)
	l.mu.Lock()
	l.invite, l.tx, l.dialog = req, tx, dialogOfCaller(req)
	l.mu.Unlock()
	// Not in line: the transaction is locked here, and whoever answers holds the leg and wants the transaction.
	tx.OnCancel(func(*sip.Request) { go l.end("cancel") })
	go l.readAcks(tx)
}

// readAcks takes the ACKs that the stack matches to the INVITE's transaction itself.
func (l *leg) readAcks(tx *sip.ServerTx) {
	for {
		select {
		case <-tx.Acks():
			l.confirm()
		case <-tx.Done():
			return
		}
	}
}

// confirm is the ACK of our 200.
func (l *leg) confirm() {
	l.mu.Lock()
	if l.state != stateConfirming {
		l.mu.Unlock()
		return
	}
	l.state = stateUp
	close(l.acked)
	codec := l.format.Codec.Name()
	l.mu.Unlock()
	l.emit("answered", event{"sipCallId": l.callID, "codec": codec})
}

func inviteEvent(req *sip.Request, raw string) event {
	from, to := req.From(), req.To()
	return event{
		"sipCallId": req.CallID().Value(), "uri": req.Recipient.String(),
		"from": party(from.DisplayName, from.Address), "to": party(to.DisplayName, to.Address),
		"headers": headerPairs(raw), "raw": raw, "sdp": string(req.Body()),
		"source": req.Source(), "transport": sip.NetworkToLower(req.Transport()),
	}
}

func party(display string, uri sip.Uri) event {
	return event{"user": uri.User, "host": uri.Host, "display": display, "uri": uri.String()}
}

// respond answers the INVITE; l.mu is held.
func (l *leg) respond(status int, reason string, body []byte, headers map[string]string) (*sip.Response, error) {
	if reason == "" {
		reason = reasonPhrase(status)
	}
	res := sip.NewResponseFromRequest(l.invite, status, reason, body)
	res.AppendHeader(l.edge.contact(l.transport))
	if len(body) > 0 {
		res.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	}
	addHeaders(res, headers)
	return res, l.tx.Respond(res)
}

var errNoCodec = errors.New("the offer has none of PCMU, PCMA, G722 without encryption: answered 488")

// negotiate answers the caller's offer, once; l.mu is held.
func (l *leg) negotiate() error {
	if l.hasMedia {
		return nil
	}
	offer, ok := parseSDP(string(l.invite.Body()))
	format, common := offer.chosen()
	if !ok || !common {
		return errNoCodec
	}
	if err := l.openSession(); err != nil {
		return err
	}
	l.format, l.hasMedia = format, true
	l.session.Configure(format, offer.remote)
	l.localSDP = writeSDP(l.session.Port(), []media.Codec{format.Codec}, format.Event, 1, offer)
	return nil
}

// progress sends a 1xx.
func (l *leg) progress(status int, withMedia bool) error {
	if status < 101 || status > 199 {
		return fmt.Errorf("%d is no provisional status: 101 to 199", status)
	}
	return l.whileOpen(func() error {
		var body []byte
		if withMedia {
			if err := l.negotiate(); err != nil {
				return err
			}
			body = l.localSDP
		}
		_, err := l.respond(status, "", body, nil)
		return err
	})
}

// answer sends 200 and repeats it until the ACK comes.
func (l *leg) answer() error {
	return l.whileOpen(func() error {
		if err := l.negotiate(); err != nil {
			return err
		}
		l.state = stateConfirming
		res, err := l.respond(200, "OK", l.localSDP, nil)
		go l.repeatAnswer(res)
		return err
	})
}

// whileOpen does something with an inbound leg that can still be answered. An offer without a common codec ends it.
func (l *leg) whileOpen(do func() error) error {
	l.mu.Lock()
	if !l.inbound || l.state != stateOpen || l.asked != nil {
		l.mu.Unlock()
		return errState
	}
	err := do()
	l.mu.Unlock()
	if errors.Is(err, errNoCodec) {
		_ = l.decline(488, "", nil)
	}
	return err
}

// repeatAnswer sends the 200 again (RFC 3261 13.3.1.4), and gives the leg up after 64 T1.
func (l *leg) repeatAnswer(res *sip.Response) {
	interval, deadline := sip.T1, time.After(64*sip.T1)
	for {
		select {
		case <-l.acked:
			return
		case <-deadline:
			l.hangup(nil)
			return
		case <-time.After(interval):
		}
		l.mu.Lock()
		waiting := l.state == stateConfirming
		l.mu.Unlock()
		if !waiting {
			return
		}
		_ = l.tx.Respond(res)
		interval = min(2*interval, sip.T2)
	}
}

// decline sends a final answer that is no 2xx.
func (l *leg) decline(status int, reason string, headers map[string]string) error {
	if status < 300 || status > 699 {
		return fmt.Errorf("%d is no status to decline with: 300 to 699", status)
	}
	l.mu.Lock()
	if !l.inbound || l.state != stateOpen {
		l.mu.Unlock()
		return errState
	}
	var err error
	if l.asked == nil {
		_, err = l.respond(status, reason, nil, headers)
	}
	l.mu.Unlock()
	l.end("local")
	return err
}

// challengeWait is how long a caller has to answer a challenge.
const challengeWait = 32 * time.Second

// authenticate challenges the INVITE; the caller sends it again with its answer.
func (l *leg) authenticate(realm string, users map[string]string) error {
	return l.whileOpen(func() error {
		asked := challenge(realm, newNonce())
		_, err := l.respond(401, "Unauthorized", nil, map[string]string{"WWW-Authenticate": asked.String()})
		l.asked, l.users = asked, users
		time.AfterFunc(challengeWait, func() {
			l.mu.Lock()
			unanswered := l.asked == asked
			l.mu.Unlock()
			if unanswered {
				l.end("remote")
			}
		})
		return err
	})
}

// authenticateAgain takes the INVITE that follows a challenge.
func (l *leg) authenticateAgain(req *sip.Request, tx *sip.ServerTx) {
	l.mu.Lock()
	asked, users := l.asked, l.users
	l.mu.Unlock()
	if asked == nil {
		_ = tx.Respond(sip.NewResponseFromRequest(req, 482, "Loop Detected", nil))
		return
	}
	l.take(req, tx)
	username, err := verify(req, asked, users)
	l.mu.Lock()
	l.asked = nil
	l.mu.Unlock()
	if err != nil {
		_ = l.decline(403, "", nil)
		return
	}
	l.emit("authenticated", event{"username": username})
}
