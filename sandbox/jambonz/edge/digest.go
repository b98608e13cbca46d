package main

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

func newNonce() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// challenge is the 401's question: MD5 and qop=auth (read: sbc-inbound lib/middleware.js, @jambonz/digest-utils) (seen live: jambonz-live, section 2).
func challenge(realm, nonce string) *digest.Challenge {
	return &digest.Challenge{Realm: realm, Nonce: nonce, Algorithm: "MD5", QOP: []string{"auth"}}
}

var errDigest = errors.New("wrong digest")

// verify checks an INVITE's Authorization against the challenge that was sent; it returns the user name.
func verify(req *sip.Request, asked *digest.Challenge, users map[string]string) (string, error) {
	header := req.GetHeader("Authorization")
	if header == nil {
		return "", errDigest
	}
	given, err := digest.ParseCredentials(header.Value())
	if err != nil || given.Nonce != asked.Nonce || given.Realm != asked.Realm {
		return "", errDigest
	}
	password, known := users[given.Username]
	if !known {
		return "", errDigest
	}
	question := *asked
	if given.QOP == "" {
		question.QOP = nil // RFC 3261 22.4: a client of RFC 2069 leaves it out.
	}
	// The URI is taken as given: LiveKit writes the To header's, others the request's.
	expected, err := digest.Digest(&question, digest.Options{
		Method: req.Method.String(), URI: given.URI, Count: given.Nc, Cnonce: given.Cnonce,
		Username: given.Username, Password: password,
	})
	if err != nil || subtle.ConstantTimeCompare([]byte(expected.Response), []byte(given.Response)) != 1 {
		return "", errDigest
	}
	return given.Username, nil
}

// authorize answers a 401 or 407 in the request that is sent next.
func authorize(req *sip.Request, res *sip.Response, username, password string) error {
	asks, answers := "WWW-Authenticate", "Authorization"
	if res.StatusCode == 407 {
		asks, answers = "Proxy-Authenticate", "Proxy-Authorization"
	}
	header := res.GetHeader(asks)
	if header == nil {
		return errors.New("the answer has no " + asks)
	}
	asked, err := digest.ParseChallenge(header.Value())
	if err != nil {
		return err
	}
	given, err := digest.Digest(asked, digest.Options{
		Method: req.Method.String(), URI: req.Recipient.String(), Username: username, Password: password,
	})
	if err != nil {
		return err
	}
	req.RemoveHeader(answers)
	req.AppendHeader(sip.NewHeader(answers, given.String()))
	return nil
}
