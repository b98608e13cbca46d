package main

import (
	"context"
	"fmt"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
	"github.com/google/uuid"

	"trunkline/sip-edge/media"
)

// cancelWait is how long the final answer after a CANCEL is waited for.
const cancelWait = 2 * time.Second

// dial starts an outbound leg.
func (e *edge) dial(c command) error {
	l := &leg{edge: e, id: c.Leg, callID: uuid.NewString(), localTag: sip.GenerateTagN(16), transport: "UDP"}
	if c.Transport == "tcp" {
		l.transport = "TCP"
	}
	if err := l.offer(c); err != nil {
		if l.session != nil {
			_ = l.session.Close()
		}
		return err
	}
	if c.Leg == "" || !e.register(l) {
		_ = l.session.Close()
		return fmt.Errorf("leg id %q is in use or empty", c.Leg)
	}
	e.mu.Lock()
	e.dialogs[l.dialogKey()] = l
	e.mu.Unlock()
	go l.call(c)
	return nil
}

// offer builds the INVITE and opens the socket that its SDP names.
func (l *leg) offer(c command) error {
	var target sip.Uri
	if err := sip.ParseUri(c.URI, &target); err != nil {
		return fmt.Errorf("uri %q: %w", c.URI, err)
	}
	if err := l.openSession(); err != nil {
		return err
	}
	req := sip.NewRequest(sip.INVITE, target)
	req.SetTransport(l.transport)
	req.SetDestination(c.Destination)
	l.edge.fromListener(req)
	from := sip.FromHeader{DisplayName: c.From.Display, Address: sip.Uri{Scheme: "sip", User: c.From.User, Host: host, Port: l.edge.port}, Params: sip.NewParams()}
	from.Params.Add("tag", l.localTag)
	callID, hops := sip.CallIDHeader(l.callID), sip.MaxForwardsHeader(70)
	for _, header := range []sip.Header{&hops, &from, &sip.ToHeader{Address: target}, &callID,
		&sip.CSeqHeader{SeqNo: 1, MethodName: sip.INVITE}, l.edge.contact(l.transport),
		sip.NewHeader("Allow", allowed), sip.NewHeader("Content-Type", "application/sdp")} {
		req.AppendHeader(header)
	}
	addHeaders(req, c.Headers)
	req.SetBody(writeOffer(l.session.Port(), offeredCodecs(c.Codecs)))
	l.invite = req
	return nil
}

func offeredCodecs(names []string) []media.Codec {
	codecs := []media.Codec{}
	for _, name := range names {
		for _, codec := range media.Codecs {
			if codec.Name() == name {
				codecs = append(codecs, codec)
			}
		}
	}
	if len(codecs) == 0 {
		return media.Codecs
	}
	return codecs
}

// call sends the INVITE, answers one challenge (read: sbc-outbound; drachtio-srf 5.0.29) (seen live: jambonz-live, section 2), and follows the transaction to its
// final answer.
func (l *leg) call(c command) {
	res := l.attempt()
	if res != nil && (res.StatusCode == 401 || res.StatusCode == 407) && c.Auth != nil && !l.isCancelled() {
		next := l.invite.Clone()
		if err := authorize(next, res, c.Auth.Username, c.Auth.Password); err == nil {
			next.CSeq().SeqNo++
			next.RemoveHeader("Via")
			l.edge.fromListener(next)
			l.mu.Lock()
			l.invite, l.proceeded = next, false
			l.mu.Unlock()
			res = l.attempt()
		}
	}
	if res != nil && !res.IsSuccess() {
		l.fail(res.StatusCode, res.Reason)
	}
}

// attempt sends the INVITE as it stands and returns its final answer; nil when there was none, which it has told.
func (l *leg) attempt() *sip.Response {
	tx, err := l.edge.client.TransactionRequest(context.Background(), l.invite, sipgo.ClientRequestAddVia)
	if err != nil {
		l.fail(503, "Transport error: "+err.Error())
		return nil
	}
	for {
		select {
		case res := <-tx.Responses():
			if res.IsProvisional() {
				l.proceed(res)
				continue
			}
			if res.IsSuccess() {
				l.establish(tx, res)
			}
			return res
		case <-tx.Done():
			l.fail(408, reasonPhrase(408))
			return nil
		}
	}
}

func (l *leg) isCancelled() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cancelled
}

// proceed takes a 1xx: only after one may a CANCEL be sent (RFC 3261 9.1).
func (l *leg) proceed(res *sip.Response) {
	l.mu.Lock()
	sendCancel := l.cancelled && !l.proceeded
	l.proceeded = true
	l.mu.Unlock()
	if sendCancel {
		l.sendCancel()
		return
	}
	if res.StatusCode == 100 || l.isCancelled() {
		return
	}
	_ = l.adopt(res)
	l.emit("progress", event{"status": res.StatusCode, "reason": res.Reason})
}

// adopt sets the media up as an answer of the remote says; false if it says nothing usable.
func (l *leg) adopt(res *sip.Response) bool {
	answer, ok := parseSDP(string(res.Body()))
	format, common := answer.agreed()
	l.mu.Lock()
	defer l.mu.Unlock()
	if !ok || !common || l.state == stateOver {
		return l.hasMedia
	}
	l.format, l.hasMedia = format, true
	l.session.Configure(format, answer.remote)
	return true
}

// establish takes a 200: ACK, now and for every repetition. One that nobody wants any more is ended at once.
func (l *leg) establish(tx sip.ClientTransaction, res *sip.Response) {
	agreed := l.adopt(res)
	l.mu.Lock()
	l.dialog = dialogOfCallee(l.invite, res)
	wanted := l.state == stateOpen && !l.cancelled && agreed
	if wanted {
		l.state = stateUp
	}
	codec := l.format.Codec.Name()
	l.mu.Unlock()
	l.ack()
	tx.OnRetransmission(func(again *sip.Response) {
		if again.IsSuccess() && again.To().Value() == res.To().Value() {
			l.ack()
		}
	})
	switch {
	case wanted:
		l.emit("answered", event{"sipCallId": l.callID, "codec": codec})
	case agreed:
		l.bye(nil)
		l.fail(487, reasonPhrase(487))
	default:
		l.bye(nil)
		l.fail(488, "The answer has no codec that was offered")
	}
}

func (l *leg) ack() {
	_ = l.edge.client.WriteRequest(l.request(sip.ACK, l.invite.CSeq().SeqNo), sipgo.ClientRequestAddVia, withBody)
}

// cancel gives an unanswered outbound leg up. The final answer is waited for, but not for ever.
func (l *leg) cancel() {
	l.mu.Lock()
	again, proceeded := l.cancelled, l.proceeded
	l.cancelled = true
	l.mu.Unlock()
	if again {
		return
	}
	if proceeded {
		l.sendCancel()
	}
	time.AfterFunc(cancelWait, func() { l.fail(487, reasonPhrase(487)) })
}

// sendCancel names the INVITE's transaction: same Via, same number.
func (l *leg) sendCancel() {
	invite := l.invite
	req := sip.NewRequest(sip.CANCEL, *invite.Recipient.Clone())
	req.SetTransport(l.transport)
	req.SetDestination(invite.Destination())
	hops := sip.MaxForwardsHeader(70)
	req.AppendHeader(sip.HeaderClone(invite.Via()))
	req.AppendHeader(&hops)
	req.AppendHeader(sip.HeaderClone(invite.From()))
	req.AppendHeader(sip.HeaderClone(invite.To()))
	req.AppendHeader(sip.HeaderClone(invite.CallID()))
	req.AppendHeader(&sip.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: sip.CANCEL})
	l.edge.fromListener(req)
	l.edge.sendAndForget(req)
}
