// Command sip-edge is the SIP and RTP edge of the Jambonz stand-in: it keeps dialogs and media, and is told what to do
// by JSON lines on stdin (sandbox/jambonz/protocol.ts). It speaks on 127.0.0.1 only.
package main

import (
	"flag"
	"fmt"
	"log/slog"
	"os"

	"github.com/emiago/sipgo/sip"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:5060", "address of the UDP and TCP listeners; port 0 takes a free one")
	rtpMin := flag.Int("rtp-min", 20000, "first UDP port for media")
	rtpMax := flag.Int("rtp-max", 23998, "last UDP port for media")
	verbose := flag.Bool("verbose", false, "log the SIP stack's warnings on stderr")
	flag.Parse()

	level := slog.LevelError + 1
	if *verbose {
		level = slog.LevelDebug
	}
	sip.SetDefaultLogger(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})))
	// On loopback a message of any size arrives in one datagram.
	sip.UDPMTUSize = 65000

	e, err := newEdge(*listen, *rtpMin, *rtpMax, newEvents(os.Stdout))
	if err != nil {
		fmt.Fprintln(os.Stderr, "sip-edge:", err)
		os.Exit(1)
	}
	e.events.emit("ready", event{"port": e.port, "protocol": protocolVersion})
	err = readCommands(os.Stdin, e.do)
	if err != nil {
		fmt.Fprintln(os.Stderr, "sip-edge:", err)
	}
	e.shutdown()
	if err != nil {
		os.Exit(1)
	}
}
