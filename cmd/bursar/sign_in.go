package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"

	"bursar/auth/sso"
)

// signInFlags configure single sign-on: the issuer whose tokens are accepted besides access tokens.
type signInFlags struct {
	Issuer            issuerURL   `name:"oidc-issuer" variable:"BURSAR_OIDC_ISSUER" placeholder:"URL" help:"OpenID Connect issuer whose tokens sign members in, by their verified e-mail address; exactly as it names itself. Unset, only access tokens are believed."`
	Audience          string      `name:"oidc-audience" variable:"BURSAR_OIDC_AUDIENCE" placeholder:"NAME" help:"Whom the issuer's tokens must be for: the client id of your portal, or the name that Bursar's API has there."`
	AuthorizedParties clientNames `name:"oidc-authorized-parties" variable:"BURSAR_OIDC_AUTHORIZED_PARTIES" placeholder:"NAMES" help:"Client ids, separated by commas, to which these tokens may have been issued (azp), besides the audience itself."`
	ConsoleClientID   string      `name:"oidc-console-client-id" variable:"BURSAR_OIDC_CONSOLE_CLIENT_ID" placeholder:"NAME" help:"Client id of the console at the issuer, a public client with PKCE: people sign in to the console with it, and tokens for it are accepted. Unset, the console takes access tokens alone."`
}

// check returns an error for an incomplete configuration.
func (f *signInFlags) check() error {
	switch {
	case f.Issuer != "" && f.Audience == "":
		return &misuse{"BURSAR_OIDC_AUDIENCE (or --oidc-audience) is not set: with an issuer it says whom tokens must be for"}
	case f.Issuer == "" && f.Audience != "":
		return &misuse{"BURSAR_OIDC_ISSUER (or --oidc-issuer) is not set: without it BURSAR_OIDC_AUDIENCE means nothing"}
	case f.Issuer == "" && len(f.AuthorizedParties.list) > 0:
		return &misuse{"BURSAR_OIDC_ISSUER (or --oidc-issuer) is not set: without it BURSAR_OIDC_AUTHORIZED_PARTIES means nothing"}
	case f.Issuer == "" && f.ConsoleClientID != "":
		return &misuse{"BURSAR_OIDC_ISSUER (or --oidc-issuer) is not set: without it BURSAR_OIDC_CONSOLE_CLIENT_ID means nothing"}
	}
	return nil
}

// issuer returns the issuer whose tokens are accepted; nil if there is none.
func (f *signInFlags) issuer(logger *slog.Logger) *sso.Issuer {
	if f.Issuer == "" {
		return nil
	}
	return sso.New(sso.Config{
		Issuer: string(f.Issuer), Audience: f.Audience, AuthorizedParties: f.AuthorizedParties.list, ConsoleClient: f.ConsoleClientID,
		Logger: logger,
	})
}

// issuerURL is not normalized, because issuers are compared as strings.
type issuerURL string

func (i *issuerURL) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(string(text))
	switch {
	case err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http":
		return fmt.Errorf("want a URL such as https://login.example.com, got %q", text)
	case parsed.Scheme == "http" && !isThisMachine(parsed.Hostname()):
		return errors.New("want https, for whoever is on the way could sign people in; http is for an issuer on this machine alone")
	case parsed.User != nil || parsed.RawQuery != "" || parsed.Fragment != "":
		return errors.New("an issuer's URL has no user, query or fragment")
	}
	*i = issuerURL(text)
	return nil
}

func isThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

type clientNames struct{ list []string }

func (c *clientNames) UnmarshalText(text []byte) error {
	c.list = nil
	for name := range strings.SplitSeq(string(text), ",") {
		if name = strings.TrimSpace(name); name == "" {
			return fmt.Errorf("want client ids separated by commas, got %q", text)
		}
		c.list = append(c.list, name)
	}
	return nil
}
