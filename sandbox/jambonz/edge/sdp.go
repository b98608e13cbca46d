package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"trunkline/sip-edge/media"
)

// description is what this edge understands of an SDP: its first audio stream.
type description struct {
	remote       netip.AddrPort
	payloadTypes []uint8
	event        uint8
	profile      string
	direction    string
}

// profiles that rtpengine turns into the plain RTP/AVP that FreeSWITCH gets (read: sbc-inbound data/rtp-transcoding.json).
var profiles = []string{"RTP/AVP", "RTP/AVPF"}

// parseSDP reads the first audio stream without encryption; false if there is none that is on.
func parseSDP(body string) (description, bool) {
	d, inAudio, seen := description{direction: "sendrecv"}, false, false
	address, port := "", 0
	for _, line := range strings.Split(body, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "m="):
			inAudio = false
			fields := strings.Fields(line[2:])
			if !seen && len(fields) > 3 && fields[0] == "audio" && slices.Contains(profiles, fields[2]) {
				inAudio, seen = true, true
				d.profile = fields[2]
				port, _ = strconv.Atoi(fields[1])
				d.payloadTypes = parsePayloadTypes(fields[3:])
			}
		case strings.HasPrefix(line, "c=IN IP4 ") && (inAudio || !seen):
			address = strings.Fields(line)[2]
		case (inAudio || !seen) && isDirection(line):
			d.direction = line[2:]
		case inAudio && strings.HasPrefix(line, "a=rtpmap:"):
			d.readRtpmap(line[len("a=rtpmap:"):])
		}
	}
	ip, err := netip.ParseAddr(address)
	if err != nil || port <= 0 || port > 65535 {
		return description{}, false
	}
	d.remote = netip.AddrPortFrom(ip, uint16(port))
	return d, true
}

func isDirection(line string) bool {
	return slices.Contains([]string{"a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"}, line)
}

// isHold tells whether the other side wants to hear nothing: by a direction, or by the address of RFC 2543.
func (d description) isHold() bool {
	return d.direction == "sendonly" || d.direction == "inactive" || d.remote.Addr().IsUnspecified()
}

// answerDirection is what an answer says to the offer's direction; the old hold is answered as sendonly is (read: FreeSWITCH
// src/switch_core_media.c).
func (d description) answerDirection() string {
	switch {
	case d.direction == "inactive":
		return "inactive"
	case d.direction == "recvonly":
		return "sendonly"
	case d.isHold():
		return "recvonly"
	default:
		return "sendrecv"
	}
}

func parsePayloadTypes(fields []string) []uint8 {
	types := []uint8{}
	for _, field := range fields {
		if n, err := strconv.ParseUint(field, 10, 7); err == nil {
			types = append(types, uint8(n))
		}
	}
	return types
}

func (d *description) readRtpmap(value string) {
	number, encoding, _ := strings.Cut(value, " ")
	if n, err := strconv.ParseUint(number, 10, 7); err == nil && strings.EqualFold(strings.TrimSpace(encoding), "telephone-event/8000") {
		d.event = uint8(n)
	}
}

func (d description) has(codec media.Codec) bool {
	for _, t := range d.payloadTypes {
		if t == uint8(codec) {
			return true
		}
	}
	return false
}

// agreed is the codec that an answer has chosen: the first that this edge speaks; false if there is none.
func (d description) agreed() (media.Format, bool) {
	for _, t := range d.payloadTypes {
		if codec, ok := media.CodecOf(t); ok {
			return media.Format{Codec: codec, Event: d.event}, true
		}
	}
	return media.Format{}, false
}

// chosen is the codec that this edge answers an offer with: FreeSWITCH negotiates greedily, by its own order, so that PCMU goes before
// the G722 that LiveKit offers first (seen live: jambonz-live, section 8); false if there is none.
func (d description) chosen() (media.Format, bool) {
	for _, codec := range media.Codecs {
		if d.has(codec) {
			return media.Format{Codec: codec, Event: d.event}, true
		}
	}
	return media.Format{}, false
}

// offeredEvent is the payload type that offers give telephone-event.
const offeredEvent = 101

// plain is what an offer of this edge looks like.
var plain = description{profile: "RTP/AVP", direction: "sendrecv"}

// writeOffer describes the same audio twice: FreeSWITCH offers it with and without encryption, and rtpengine makes plain lines of
// both; whoever answers takes the first (seen live: jambonz-live, section 6).
func writeOffer(port int, codecs []media.Codec) []byte {
	sdp := writeSDP(port, codecs, offeredEvent, 1, plain)
	return append(sdp, sdp[bytes.Index(sdp, []byte("m=audio ")):]...)
}

// writeSDP describes one audio stream on this machine; event 0 leaves telephone-event out. An answer has the profile that was
// offered (read: jambonz' rtpengine, daemon/call.c __update_media_protocol).
func writeSDP(port int, codecs []media.Codec, event uint8, version int, offer description) []byte {
	types, maps := "", ""
	for _, codec := range codecs {
		types += fmt.Sprintf(" %d", codec)
		maps += fmt.Sprintf("a=rtpmap:%d %s/8000\r\n", codec, codec.Name())
	}
	if event != 0 {
		types += fmt.Sprintf(" %d", event)
		maps += fmt.Sprintf("a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-15\r\n", event, event)
	}
	return fmt.Appendf(nil, "v=0\r\no=edge %d %d IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d %s%s\r\n%sa=ptime:20\r\na=%s\r\n",
		port, version, host, host, port, offer.profile, types, maps, offer.answerDirection())
}
