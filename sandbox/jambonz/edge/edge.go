package main

import (
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"trunkline/sip-edge/media"
)

const host = "127.0.0.1"

// edge is the listener and the registry of its legs.
type edge struct {
	events *events
	port   int
	ua     *sipgo.UserAgent
	client *sipgo.Client
	ports  *media.Ports
	pacer  *media.Pacer
	raw    *rawInvites

	mu      sync.Mutex
	legs    map[string]*leg
	dialogs map[string]*leg // by Call-ID and our tag
	waiting map[string]*leg // inbound legs without a final answer, by Call-ID and the caller's tag
	inbound int
}

func newEdge(listen string, rtpMin, rtpMax int, out *events) (*edge, error) {
	udp, tcp, err := listenBoth(listen)
	if err != nil {
		return nil, err
	}
	e := &edge{
		events: out, port: tcp.Addr().(*net.TCPAddr).Port,
		ports: media.NewPorts(rtpMin, rtpMax), pacer: media.NewPacer(), raw: newRawInvites(),
		legs: map[string]*leg{}, dialogs: map[string]*leg{}, waiting: map[string]*leg{},
	}
	e.ua, err = sipgo.NewUA(sipgo.WithUserAgent("trunkline-sandbox"), sipgo.WithUserAgentHostname(host),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerReadFilter(e.raw.keep)))
	if err != nil {
		return nil, err
	}
	e.client, err = sipgo.NewClient(e.ua, sipgo.WithClientHostname(host), sipgo.WithClientPort(e.port))
	if err != nil {
		return nil, err
	}
	e.ua.TransactionLayer().OnRequest(e.receive)
	go func() { _ = e.ua.TransportLayer().ServeUDP(udp) }()
	go func() { _ = e.ua.TransportLayer().ServeTCP(tcp) }()
	return e, e.awaitListening()
}

// listenBoth opens TCP and UDP on the same port; with port 0 it looks for one that is free for both.
func listenBoth(listen string) (*net.UDPConn, net.Listener, error) {
	var lastErr error
	for range 20 {
		tcp, err := net.Listen("tcp4", listen)
		if err != nil {
			return nil, nil, err
		}
		port := tcp.Addr().(*net.TCPAddr).Port
		udp, err := net.ListenUDP("udp4", &net.UDPAddr{IP: tcp.Addr().(*net.TCPAddr).IP, Port: port})
		if err == nil {
			return udp, tcp, nil
		}
		lastErr = err
		_ = tcp.Close()
	}
	return nil, nil, fmt.Errorf("no port free for both UDP and TCP: %w", lastErr)
}

// awaitListening returns when the UDP listener can be used to send: it joins the stack's pool in its own goroutine.
func (e *edge) awaitListening() error {
	for range 200 {
		if _, err := e.ua.TransportLayer().GetConnection("udp", e.address()); err == nil {
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return fmt.Errorf("the UDP listener on %s did not start", e.address())
}

func (e *edge) address() string { return fmt.Sprintf("%s:%d", host, e.port) }

// contact is where in-dialog requests reach this edge.
func (e *edge) contact(transport string) *sip.ContactHeader {
	uri := sip.Uri{Scheme: "sip", User: "edge", Host: host, Port: e.port, UriParams: sip.NewParams()}
	if transport == "TCP" {
		uri.UriParams.Add("transport", "tcp")
	}
	return &sip.ContactHeader{Address: uri}
}

func (e *edge) leg(id string) *leg {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.legs[id]
}

// register makes a leg known under its id; false when the id is in use.
func (e *edge) register(l *leg) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, taken := e.legs[l.id]; taken {
		return false
	}
	e.legs[l.id] = l
	return true
}

func (e *edge) nextInboundID() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.inbound++
	return fmt.Sprintf("in-%d", e.inbound)
}

// forget drops every reference to a leg.
func (e *edge) forget(l *leg) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.legs, l.id)
	delete(e.dialogs, l.dialogKey())
	delete(e.waiting, l.waitingKey())
}

// shutdown ends what is live, best effort: half a second for the answers.
func (e *edge) shutdown() {
	e.mu.Lock()
	live := make([]*leg, 0, len(e.legs))
	for _, l := range e.legs {
		live = append(live, l)
	}
	e.mu.Unlock()
	for _, l := range live {
		l.hangup(nil)
	}
	if len(live) > 0 {
		time.Sleep(500 * time.Millisecond)
	}
	_ = e.ua.Close()
}
