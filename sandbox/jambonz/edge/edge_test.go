package main

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"trunkline/sip-edge/media"
)

func TestHeadersKeepSpellingOrderAndRepetitions(t *testing.T) {
	message := "INVITE sip:a SIP/2.0\r\nv: one\r\nX-foo:  a\r\n\tb\r\nVia: two\r\nX-Foo: c: d\r\n\r\nv=0\r\nc: x\r\n"
	want := [][2]string{{"v", "one"}, {"X-foo", "a b"}, {"Via", "two"}, {"X-Foo", "c: d"}}
	if got := headerPairs(message); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

// The offer of livekit-sip 1.8.0: G.722 first, always in this order.
const livekitOffer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=LiveKit\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" +
	"m=audio 30010 RTP/AVP 9 0 8 101\r\na=rtpmap:9 G722/8000\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n"

// jambonz-live, section 8: "in `callback` LiveKit's offer (G722, PCMU, PCMA) is answered PCMU".
func TestAnOfferIsAnsweredInTheOrderOfFreeSWITCH(t *testing.T) {
	offer, ok := parseSDP(livekitOffer)
	if !ok || offer.remote.String() != "127.0.0.1:30010" {
		t.Fatalf("offer %+v %v", offer, ok)
	}
	if format, _ := offer.chosen(); format != (media.Format{Codec: media.PCMU, Event: 101}) {
		t.Errorf("chose %+v", format)
	}
	for payloadTypes, want := range map[string]string{"0": "PCMU", "8 0": "PCMU", "9 8": "PCMA", "18 9": "G722", "18 101": ""} {
		d, ok := parseSDP("c=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP " + payloadTypes + "\r\n")
		format, common := d.chosen()
		if !ok || common != (want != "") || common && format.Codec.Name() != want {
			t.Errorf("%s: chose %s %v, want %s", payloadTypes, format.Codec.Name(), common, want)
		}
	}
}

func TestAnAnswerIsTakenAsItWasGiven(t *testing.T) {
	answer, ok := parseSDP("c=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 9 0\r\n")
	if format, common := answer.agreed(); !ok || !common || format.Codec != media.G722 {
		t.Errorf("took %+v %v", format, common)
	}
}

// jambonz-live, section 6: "rtpengine makes two RTP/AVP lines of it; LiveKit answers ONE".
func TestAnOfferHasTwoLinesOfAudio(t *testing.T) {
	offer := string(writeOffer(5000, media.Codecs))
	line := "m=audio 5000 RTP/AVP 0 8 9 101\r\n"
	if strings.Count(offer, line) != 2 || strings.Count(offer, "m=") != 2 || strings.Count(offer, "v=0\r\n") != 1 {
		t.Errorf("offered %q", offer)
	}
	if d, ok := parseSDP(offer); !ok || d.remote.Port() != 5000 || d.event != offeredEvent {
		t.Errorf("the first line is %+v", d)
	}
}

func TestWhatIsNotUnderstoodEndsTheEdge(t *testing.T) {
	understood := func(c command) error { return (&edge{events: newEvents(io.Discard)}).do(c) }
	for _, line := range []string{"hello", `{"command":"sing","leg":"in-1"}`, `{"command":"hangup","leg":"in-1","loudly":true}`, `{"leg":"in-1"}`} {
		if err := readCommands(strings.NewReader(line+"\n"), understood); !errors.Is(err, errNotUnderstood) {
			t.Errorf("%s: %v", line, err)
		}
	}
	if err := readCommands(strings.NewReader("\n"+`{"command":"hangup","leg":"in-1"}`+"\n"), understood); err != nil {
		t.Error(err)
	}
}

func TestNoAudioIsNoOffer(t *testing.T) {
	for _, sdp := range []string{"", "c=IN IP4 127.0.0.1\r\nm=audio 0 RTP/AVP 8\r\n", "c=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/SAVP 8\r\n",
		"c=IN IP4 127.0.0.1\r\nm=video 4000 RTP/AVP 8\r\n", "m=audio 4000 RTP/AVP 8\r\n"} {
		if d, ok := parseSDP(sdp); ok {
			t.Errorf("%q was taken for %+v", sdp, d)
		}
	}
}

func TestAnAnswerHasTheProfileThatWasOffered(t *testing.T) {
	for _, profile := range profiles {
		offer, ok := parseSDP("c=IN IP4 127.0.0.1\r\nm=audio 4000 " + profile + " 8\r\n")
		answer := string(writeSDP(5000, []media.Codec{media.PCMA}, 0, 1, offer))
		if !ok || !strings.Contains(answer, "m=audio 5000 "+profile+" 8\r\n") {
			t.Errorf("%s: %v %q", profile, ok, answer)
		}
	}
}

func TestHoldIsAnsweredByItsDirection(t *testing.T) {
	for _, c := range []struct {
		session, media, want string
		hold                 bool
	}{
		{"c=IN IP4 127.0.0.1", "", "sendrecv", false},
		{"c=IN IP4 127.0.0.1", "a=sendonly", "recvonly", true},
		{"c=IN IP4 127.0.0.1\r\na=sendonly", "", "recvonly", true},
		{"c=IN IP4 127.0.0.1\r\na=sendonly", "a=sendrecv", "sendrecv", false},
		{"c=IN IP4 127.0.0.1", "a=inactive", "inactive", true},
		{"c=IN IP4 127.0.0.1", "a=recvonly", "sendonly", false},
		{"c=IN IP4 0.0.0.0", "", "recvonly", true},
		{"c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0", "recvonly", true},
	} {
		offer, ok := parseSDP(c.session + "\r\nm=audio 4000 RTP/AVP 8\r\n" + c.media + "\r\n")
		if !ok || offer.isHold() != c.hold || offer.answerDirection() != c.want {
			t.Errorf("%q %q: %v hold %v, answered %s", c.session, c.media, ok, offer.isHold(), offer.answerDirection())
		}
	}
}

func TestWhatThisEdgeAnswersToAChallengeItAcceptsItself(t *testing.T) {
	asked := challenge("sip.example.org", newNonce())
	request := func(username, password string) *sip.Request {
		req := sip.NewRequest(sip.INVITE, sip.Uri{Scheme: "sip", User: "call-1", Host: "sip.example.org"})
		res := sip.NewResponse(401, "Unauthorized")
		res.AppendHeader(sip.NewHeader("WWW-Authenticate", asked.String()))
		if err := authorize(req, res, username, password); err != nil {
			t.Fatal(err)
		}
		return req
	}
	users := map[string]string{"trunk": "secret"}
	if username, err := verify(request("trunk", "secret"), asked, users); err != nil || username != "trunk" {
		t.Errorf("refused: %v", err)
	}
	if _, err := verify(request("trunk", "wrong"), asked, users); err == nil {
		t.Error("a wrong password was accepted")
	}
	if _, err := verify(request("other", "secret"), asked, users); err == nil {
		t.Error("an unknown user was accepted")
	}
	if _, err := verify(request("trunk", "secret"), challenge("sip.example.org", newNonce()), users); err == nil {
		t.Error("the answer to another challenge was accepted")
	}
}

// RFC 3261 12.1: the caller's side reverses the record routes, the called side keeps their order.
func TestRouteSets(t *testing.T) {
	invite := sip.NewRequest(sip.INVITE, sip.Uri{Scheme: "sip", User: "b", Host: "127.0.0.1"})
	from, to := sip.FromHeader{Address: sip.Uri{User: "a", Host: "h"}, Params: sip.NewParams()}, sip.ToHeader{Params: sip.NewParams()}
	invite.AppendHeader(&from)
	invite.AppendHeader(&to)
	invite.AppendHeader(&sip.CSeqHeader{SeqNo: 1, MethodName: sip.INVITE})
	answer := sip.NewResponseFromRequest(invite, 200, "OK", nil)
	for _, message := range []interface{ AppendHeader(sip.Header) }{invite, answer} {
		message.AppendHeader(sip.NewHeader("Record-Route", "<sip:p1;lr>"))
		message.AppendHeader(sip.NewHeader("Record-Route", "<sip:p2;lr>"))
	}
	if got := dialogOfCaller(invite).routes; !reflect.DeepEqual(got, []string{"<sip:p1;lr>", "<sip:p2;lr>"}) {
		t.Errorf("called side: %q", got)
	}
	if got := dialogOfCallee(invite, answer).routes; !reflect.DeepEqual(got, []string{"<sip:p2;lr>", "<sip:p1;lr>"}) {
		t.Errorf("calling side: %q", got)
	}
}
