package main

import (
	"fmt"
	"slices"

	"trunkline/sip-edge/media"
)

// do carries out one command; what cannot be done is told as an error event. Returns an error where it is not understood.
func (e *edge) do(c command) error {
	if !slices.Contains(commandNames, c.Command) {
		return fmt.Errorf("%w: %q", errNotUnderstood, c.Command)
	}
	if err := e.execute(c); err != nil {
		fields := event{"command": c.Command, "message": err.Error()}
		if c.Leg != "" {
			fields["leg"] = c.Leg
		}
		e.events.emit("error", fields)
	}
	return nil
}

// commandNames are those of EdgeCommand in sandbox/jambonz/protocol.ts; a command for a leg that has ended is understood all the same.
var commandNames = []string{"authenticate", "progress", "answer", "decline", "hangup", "invite", "play", "stop", "bridge", "unbridge", "record", "refer"}

func (e *edge) execute(c command) error {
	switch c.Command {
	case "invite":
		return e.dial(c)
	case "bridge", "unbridge":
		return e.join(c)
	}
	l := e.leg(c.Leg)
	if l == nil {
		return absent(c)
	}
	switch c.Command {
	case "authenticate":
		return l.authenticate(c.Realm, c.Users)
	case "progress":
		return l.progress(c.Status, c.WithMedia)
	case "answer":
		return l.answer()
	case "decline":
		return l.decline(c.Status, c.Reason, c.Headers)
	case "hangup":
		l.hangup(c.Headers)
		return nil
	case "refer":
		l.mu.Lock()
		l.acceptRefers = c.Answer == "accept"
		l.mu.Unlock()
		return nil
	default:
		return l.mediaCommand(c)
	}
}

// absent judges a command for a leg that is not there: ending what has ended is no error.
func absent(c command) error {
	switch c.Command {
	case "hangup", "stop", "refer":
		return nil
	default:
		return errNoLeg
	}
}

func (l *leg) mediaCommand(c command) error {
	switch c.Command {
	case "play":
		return l.play(c)
	case "stop":
		if session, err := l.readySession(); err == nil {
			session.Stop()
		}
		return nil
	case "record":
		l.mu.Lock()
		err := l.openSession()
		l.mu.Unlock()
		if err != nil {
			return err
		}
		return l.session.Record(c.File)
	default:
		return fmt.Errorf("no such command: %q", c.Command)
	}
}

func (l *leg) play(c command) error {
	session, err := l.readySession()
	if err != nil {
		return err
	}
	name := c.Play
	session.Start(&media.Play{
		Segments: c.Segments, Loop: c.Loop,
		Done: func() { l.emit("played", event{"play": name}) },
	})
	return nil
}

// join bridges two legs, or separates them.
func (e *edge) join(c command) error {
	a, b := e.leg(c.A), e.leg(c.B)
	if a == nil || b == nil || a == b {
		if c.Command == "unbridge" {
			return nil
		}
		return fmt.Errorf("%s and %s: %w", c.A, c.B, errNoLeg)
	}
	one, err := a.readySession()
	if err != nil {
		return fmt.Errorf("%s: %w", c.A, err)
	}
	two, err := b.readySession()
	if err != nil {
		return fmt.Errorf("%s: %w", c.B, err)
	}
	if c.Command == "bridge" {
		media.Bridge(one, two)
	} else if one.Bridged(two) {
		one.Unbridge()
	}
	return nil
}
