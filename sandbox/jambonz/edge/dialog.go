package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// dialog is what in-dialog requests are built of (RFC 3261 12.1).
type dialog struct {
	mu     sync.Mutex
	from   sip.FromHeader
	to     sip.ToHeader
	target sip.Uri
	routes []string
	cseq   uint32
	// connection is where a TCP request of the remote came from; used while it is open, and there are no routes.
	connection string
}

// dialogOfCaller is the dialog as the called side sees it: routes in the order of the request.
func dialogOfCaller(invite *sip.Request) *dialog {
	d := &dialog{from: invite.To().AsFrom(), to: invite.From().AsTo(), target: invite.From().Address}
	if contact := invite.Contact(); contact != nil {
		d.target = contact.Address
	}
	for _, header := range invite.GetHeaders("Record-Route") {
		d.routes = append(d.routes, header.Value())
	}
	if invite.Transport() == "TCP" {
		d.connection = invite.Source()
	}
	return d
}

// dialogOfCallee is the dialog as the calling side sees it: routes reversed.
func dialogOfCallee(invite *sip.Request, answer *sip.Response) *dialog {
	d := &dialog{from: *invite.From(), to: *answer.To(), target: invite.Recipient, cseq: invite.CSeq().SeqNo}
	if contact := answer.Contact(); contact != nil {
		d.target = contact.Address
	}
	for _, header := range answer.GetHeaders("Record-Route") {
		d.routes = append([]string{header.Value()}, d.routes...)
	}
	return d
}

func (d *dialog) refreshTarget(contact *sip.ContactHeader) {
	if contact == nil {
		return
	}
	d.mu.Lock()
	d.target = contact.Address
	d.mu.Unlock()
}

func (d *dialog) nextCSeq() uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cseq++
	return d.cseq
}

// request builds an in-dialog request; the ACK of a 2xx has the INVITE's number.
func (l *leg) request(method sip.RequestMethod, cseq uint32) *sip.Request {
	d := l.dialog
	d.mu.Lock()
	defer d.mu.Unlock()
	req := sip.NewRequest(method, *d.target.Clone())
	req.SetTransport(l.transport)
	from, to, callID, hops := d.from, d.to, sip.CallIDHeader(l.callID), sip.MaxForwardsHeader(70)
	for _, route := range d.routes {
		req.AppendHeader(sip.NewHeader("Route", route))
	}
	req.AppendHeader(&hops)
	req.AppendHeader(&from)
	req.AppendHeader(&to)
	req.AppendHeader(&callID)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: cseq, MethodName: method})
	req.SetDestination(l.nextHop(req))
	l.edge.fromListener(req)
	return req
}

// nextHop is the first route, the remote's open connection, or its Contact.
func (l *leg) nextHop(req *sip.Request) string {
	if route := req.Route(); route != nil {
		return hostPort(route.Address)
	}
	if l.dialog.connection != "" {
		if _, err := l.edge.ua.TransportLayer().GetConnection("tcp", l.dialog.connection); err == nil {
			return l.dialog.connection
		}
	}
	return hostPort(l.dialog.target)
}

func hostPort(uri sip.Uri) string {
	port := uri.Port
	if port == 0 {
		port = 5060
	}
	return fmt.Sprintf("%s:%d", uri.Host, port)
}

// fromListener sends a UDP request from the listening socket, as peers expect.
func (e *edge) fromListener(req *sip.Request) {
	if req.Transport() == "UDP" {
		req.Laddr = sip.Addr{IP: []byte{127, 0, 0, 1}, Port: e.port}
	}
}

func withBody(_ *sipgo.Client, req *sip.Request) error {
	if req.Body() == nil {
		req.SetBody(nil)
	}
	return nil
}

// sendAndForget sends a request and reads its answers until the final one.
func (e *edge) sendAndForget(req *sip.Request, options ...sipgo.ClientRequestOption) {
	go func() {
		ctx, stop := context.WithTimeout(context.Background(), 32*time.Second)
		defer stop()
		_, _ = e.client.Do(ctx, req, append(options, withBody)...)
	}()
}

// bye ends the dialog; after a 200 it waits for the ACK first (RFC 3261 15), at most two seconds.
func (l *leg) bye(headers map[string]string) {
	acked := l.acked
	if l.dialog == nil {
		return
	}
	req := l.request(sip.BYE, l.dialog.nextCSeq())
	addHeaders(req, headers)
	if acked == nil {
		l.edge.sendAndForget(req, sipgo.ClientRequestAddVia)
		return
	}
	go func() {
		select {
		case <-acked:
		case <-time.After(2 * time.Second):
		}
		l.edge.sendAndForget(req, sipgo.ClientRequestAddVia)
	}()
}

func addHeaders(message interface{ AppendHeader(sip.Header) }, headers map[string]string) {
	for name, value := range headers {
		message.AppendHeader(sip.NewHeader(name, value))
	}
}
