package main

import (
	"errors"
	"sync"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"trunkline/sip-edge/media"
)

type legState int

const (
	// stateOpen: the INVITE has no final answer yet.
	stateOpen legState = iota
	// stateConfirming: inbound, 200 sent, ACK awaited.
	stateConfirming
	stateUp
	stateOver
)

// leg is one SIP dialog, from its INVITE to its end.
type leg struct {
	edge      *edge
	id        string
	inbound   bool
	callID    string
	localTag  string
	remoteTag string
	transport string

	mu     sync.Mutex
	state  legState
	invite *sip.Request
	dialog *dialog

	// Inbound only.
	tx           sip.ServerTransaction
	acked        chan struct{}
	asked        *digest.Challenge
	users        map[string]string
	acceptRefers bool

	// Outbound only.
	cancelled bool
	proceeded bool

	session  *media.Session
	format   media.Format
	hasMedia bool
	localSDP []byte
	// sdpVersion counts the descriptions after the first.
	sdpVersion int
}

var (
	errNoLeg   = errors.New("no such leg: it has ended or never was")
	errNoMedia = errors.New("the leg has no media yet: answer it, or send progress with media first")
	errState   = errors.New("not possible in the leg's state")
)

func (l *leg) dialogKey() string  { return l.callID + " " + l.localTag }
func (l *leg) waitingKey() string { return l.callID + " " + l.remoteTag + " " + l.localTagIfOutbound() }

// localTagIfOutbound keeps the key of an outbound leg apart from inbound ones of the same Call-ID.
func (l *leg) localTagIfOutbound() string {
	if l.inbound {
		return ""
	}
	return l.localTag
}

// emit tells an event of this leg.
func (l *leg) emit(name string, fields event) {
	fields["leg"] = l.id
	l.edge.events.emit(name, fields)
}

// openSession makes the leg's socket, once; l.mu is held.
func (l *leg) openSession() error {
	if l.session != nil {
		return nil
	}
	session, err := media.NewSession(l.edge.ports, l.edge.pacer, media.Listener{
		First: func() { l.emit("media", event{"first": true}) },
		Digit: func(digit string) { l.emit("dtmf", event{"digit": digit}) },
	})
	l.session = session
	return err
}

// readySession is the session of a leg that has agreed on its media.
func (l *leg) readySession() (*media.Session, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.hasMedia {
		return nil, errNoMedia
	}
	return l.session, nil
}

// finish marks the leg over; false if it was already. Whoever gets true tells the one final event.
func (l *leg) finish() bool {
	l.mu.Lock()
	if l.state == stateOver {
		l.mu.Unlock()
		return false
	}
	l.state = stateOver
	session := l.session
	l.mu.Unlock()
	l.edge.forget(l)
	if session != nil {
		if err := session.Close(); err != nil {
			l.emit("error", event{"command": "record", "message": err.Error()})
		}
	}
	return true
}

// end finishes a leg that is told as ended.
func (l *leg) end(by string) {
	if l.finish() {
		l.emit("ended", event{"by": by})
	}
}

// fail finishes an outbound leg that was never answered.
func (l *leg) fail(status int, reason string) {
	if l.finish() {
		l.emit("failed", event{"sipCallId": l.callID, "status": status, "reason": reason})
	}
}

// hangup ends the leg in the way that its state needs; headers go with the BYE or the final answer.
func (l *leg) hangup(headers map[string]string) {
	l.mu.Lock()
	state := l.state
	l.mu.Unlock()
	switch {
	case state == stateOver:
	case state == stateOpen && l.inbound:
		_ = l.decline(480, "", headers)
	case state == stateOpen:
		l.cancel()
	default:
		l.bye(headers)
		l.end("local")
	}
}
