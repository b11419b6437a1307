package webhook

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"
)

// maxURL is how many bytes a webhook's URL may have.
const maxURL = 2000

// Networks are the networks that are not public and that the operator lets webhooks be in, as 10.0.0.0/8. The zero value is none: then webhooks
// are at public addresses alone, and over https alone.
type Networks []netip.Prefix

// ParseNetworks reads networks, separated by commas; "" is none.
func ParseNetworks(text string) (Networks, error) {
	var networks Networks
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		network, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, fmt.Errorf("%q is no network; want one as 10.0.0.0/8", part)
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}

// Or returns the networks, or without any those of a text that [ParseNetworks] reads.
func (n Networks) Or(text string) Networks {
	if len(n) > 0 {
		return n
	}
	networks, err := ParseNetworks(text)
	if err != nil {
		panic(err) // the text is the caller's own
	}
	return networks
}

// UnmarshalText reads networks as [ParseNetworks] does.
func (n *Networks) UnmarshalText(text []byte) (err error) {
	*n, err = ParseNetworks(string(text))
	return err
}

// Check refuses a URL to which nothing would be sent, as far as its text tells that: a name may lead to another address each time it is looked
// up, so the address is checked again when it is connected to.
func (n Networks) Check(text string) error {
	if len(text) > maxURL {
		return fmt.Errorf("must have at most %d bytes, has %d", maxURL, len(text))
	}
	target, err := url.Parse(text)
	switch {
	case err != nil || target.Hostname() == "" || target.Opaque != "" || strings.ContainsFunc(text, notInURL):
		return errors.New("must be a URL as https://example.com/path")
	case target.Scheme != "https" && target.Scheme != "http":
		return errors.New("must begin with https://")
	case target.Scheme == "http" && len(n) == 0:
		return errors.New("must begin with https://: http is for networks that the operator allows, and there are none")
	case target.User != nil:
		return errors.New("must not hold a name and a password; what is sent is signed")
	case target.Fragment != "":
		return errors.New("must have no #fragment: it would not be sent")
	}
	if address, err := netip.ParseAddr(target.Hostname()); err == nil {
		if err := n.guard(target.Scheme).SafeAddr(address); err != nil {
			return errNotAllowed
		}
	}
	return nil
}

// notInURL tells whether a character must be escaped in a URL.
func notInURL(r rune) bool { return r <= ' ' || r == 0x7f }

// errNotAllowed is about a target whose address is not public, and in no network that the operator allows.
var errNotAllowed = errors.New("leads to an address that is not public, and in no network that the operator allows")

// control returns what a dialer asks before it connects to an address over a scheme: public ones are allowed over https, and those of the networks
// over both.
func (n Networks) control(scheme string) func(network, address string, _ syscall.RawConn) error {
	guard := n.guard(scheme)
	return func(network, address string, connection syscall.RawConn) error {
		if guard.Safe(network, address, connection) != nil {
			return errNotAllowed
		}
		return nil
	}
}

func (n Networks) guard(scheme string) *ssrf.Guardian {
	var v4, v6 []netip.Prefix
	for _, network := range n {
		if network.Addr().Is4() {
			v4 = append(v4, network)
		} else {
			v6 = append(v6, network)
		}
	}
	options := []ssrf.Option{ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...)}
	if scheme != "https" {
		options = append(options, ssrf.WithDeniedV4Prefixes(netip.MustParsePrefix("0.0.0.0/0")), ssrf.WithDeniedV6Prefixes(netip.MustParsePrefix("::/0")))
	}
	return ssrf.New(options...)
}
