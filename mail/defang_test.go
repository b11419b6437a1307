package mail

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

// linkable is what mail clients make links of: a scheme, a host name whose last label is two letters or more, an e-mail address, an
// IPv4 address, a network path. It is wider than any of them: it has no list of top-level domains.
var linkable = regexp.MustCompile(`(?i)[\p{L}\p{N}\p{M}]+:(//|\\\\)|\b(mailto|tel|javascript|data|file|https?):[^\s\]]|` +
	`[\p{L}\p{N}\p{M}_-][.。．｡․﹒](\p{L}[\p{L}\p{N}\p{M}-]|xn--)|[^\s\[][@＠﹫][^\s\]]|\bwww[.。．｡․﹒]|(^|[^v\d.])\d{1,3}(\.\d{1,3}){3}\b|\\\\`)

// hostile are names that would be links in a mail.
func hostile() []string {
	return []string{
		"https://evil.example", "HTTPS://EVIL.EXAMPLE/login?x=1#y", "http://evil.example:8080", "hxxp://evil.example",
		"evil.example/login", "evil.example", "www.evil.example", "WWW.evil", "www.1", "sub.1and1.evil.example",
		"Your key was stolen, see evil.example.", "(evil.example)", "<evil.example>", "\"evil.example\"", "evil.example,now",
		"billing@evil.example", "Billing <billing@evil.example>", "billing@localhost", "mailto:billing@evil.example", "tel:+1900123456",
		"javascript:alert(1)", "data:text/html,x", "ftp://evil.example", "file:///etc/passwd", `\\evil\share`, `file:\\evil\share`,
		"xn--80ak6aa92e.com", "evil.xn--p1ai", "xn--e1afmkfd.xn--80akhbyknj4f", "пример.рф", "例え.テスト", "evil。example", "evil．example", "evil｡example",
		"evil․example", "evil﹒example", "www。evil。example", "ｈｔｔｐｓ：／／evil.example", "https://evil。example", "billing＠evil.example", "billing﹫evil．example",
		"evil.\u200dexample", "evil\u200b.example", "evil\u00ad.exam\u00adple", "evil.\u2060example", "w\u200dww.evil.example", "http\u200d://evil", "evil.\ufe0fexample",
		"http://192.0.2.1/login", "192.0.2.1", "192.0.2.1/login", "http://2130706433/", "http://[::1]/", "//evil.example/x", "http:/evil.example", `http:\\evil.example`,
		"evil.example\r\nsee evil.example", "a.b.c.evil.example", "evil.museum", "é.example", "evil-.example", "1.example", "evil.e\u0301x",
	}
}

// A name that a person wrote is never a link in a mail, in none of its three parts and in no position: addresses of pages, host names
// without a scheme, e-mail addresses, in Unicode's forms and with what is not seen between. The link of Bursar's own stays.
func TestNamesAreNoLinks(t *testing.T) {
	t.Parallel()
	tags := regexp.MustCompile(`(?s)<style>.*?</style>|<!--.*?-->|<[^>]*>`)
	hrefs := regexp.MustCompile(`(?:href|src|background|action)="?([^"\s>]*)`)
	invisible := func(text string) string {
		return strings.Map(func(r rune) rune {
			if isInvisible(r) {
				return -1
			}
			return r
		}, text)
	}
	for _, name := range hostile() {
		for position, put := range map[string]func(*Alert){
			"key":                        func(a *Alert) { a.SubjectName = name },
			"workspace of a key":         func(a *Alert) { a.WorkspaceName = name },
			"organization of a key":      func(a *Alert) { a.OrganizationName = name },
			"workspace":                  func(a *Alert) { workspaceTokens(a); a.SubjectName = name },
			"organization":               func(a *Alert) { organizationWithoutReset(a); a.SubjectName, a.OrganizationName = name, name },
			"long name, cut in the name": func(a *Alert) { a.SubjectName = strings.Repeat("x", 50) + " " + name },
		} {
			message, err := keyAlert(put, func(a *Alert) { a.Link = "https://bursar.acme.test/alerts/1" }).Message("bursar@localhost", "ada@acme.test")
			if err != nil {
				t.Fatal(err)
			}
			for _, link := range hrefs.FindAllStringSubmatch(message.HTML, -1) {
				if link[1] != "https://bursar.acme.test/alerts/1" {
					t.Errorf("%s %q: the HTML has a link to %q", position, name, link[1])
				}
			}
			text := strings.Replace(message.Text, "Open in Bursar: https://bursar.acme.test/alerts/1", "", 1)
			for part, shown := range map[string]string{
				"subject": message.Subject, "text": text, "HTML": html.UnescapeString(tags.ReplaceAllString(message.HTML, " ")),
			} {
				for _, read := range []string{shown, invisible(shown)} {
					if found := linkable.FindString(read); found != "" {
						t.Errorf("%s %q: %q in the %s could become a link", position, name, found, part)
					}
				}
			}
		}
	}
}

// What is no address stays as it was written; what is one stays readable.
func TestDefangedNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"v1.2", "gpt-4.1", "gpt-4.1-mini", "claude-3.5-sonnet", "v1.2.3.4", "2.5", "Q3: 10.5 %", "e.g. chat", "Dr. No", "a.b", "prod: chat", "@team", "team @ acme",
		"chat…", "etc.", ".env", "50/50", "C:", "a\\b", "10.5.1", "1.2.3.4.5", "Zürich, 東京", "👩‍💻", "key [.]", "",
	} {
		if got := defang(name); got != name {
			t.Errorf("%q became %q", name, got)
		}
	}
	for name, want := range map[string]string{
		"https://evil.example/login":    "https[:]//evil[.]example/login",
		"www.evil.example":              "www[.]evil[.]example",
		"evil。example":                  "evil[。]example",
		"billing@evil.example":          "billing[@]evil[.]example",
		"mailto:billing":                "mailto[:]billing",
		`\\evil\share`:                  `[\]\evil\share`,
		"192.0.2.1":                     "192[.]0[.]2[.]1",
		"node.js":                       "node[.]js",
		"claude-3.opus at 4.1, see x.y": "claude-3[.]opus at 4.1, see x.y",
	} {
		if got := defang(name); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
		if again := defang(want); again != want {
			t.Errorf("%q became %q", want, again)
		}
	}
}
