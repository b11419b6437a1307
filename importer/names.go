package importer

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxName is how many characters a name has at most.
const MaxName = 200

const (
	maxSlug        = 63
	maxDescription = 2000
)

// Slugs gives each object a slug of its own.
type Slugs struct{ Taken map[string]bool }

// Of returns a slug for a name, and whether it is another one than the name's own, because that is taken. The fallback is for names without any
// letter or digit.
func (s *Slugs) Of(name, fallback string) (slug string, renamed bool) {
	base := slugOf(name)
	if base == "" {
		base = slugOf(fallback)
	}
	if base == "" {
		base = "imported"
	}
	if s.Taken == nil {
		s.Taken = map[string]bool{}
	}
	slug = base
	for number := 2; s.Taken[slug]; number++ {
		suffix := "-" + strconv.Itoa(number)
		slug = strings.TrimRight(base[:min(len(base), maxSlug-len(suffix))], "-") + suffix
	}
	s.Taken[slug] = true
	return slug, slug != base
}

// slugOf returns a name in lower case, with a hyphen for all that is no letter of ASCII and no digit.
func slugOf(name string) string {
	var slug strings.Builder
	for _, c := range strings.ToLower(name) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			slug.WriteRune(c)
		case slug.Len() > 0 && !strings.HasSuffix(slug.String(), "-"):
			slug.WriteByte('-')
		}
	}
	text := slug.String()
	return strings.Trim(text[:min(len(text), maxSlug)], "-")
}

// Description returns a field as an API key's description.
func (r *Record) Description(field string) string { return r.Text(field, maxDescription) }

// Cut returns the first characters of a name, as many as a name may have.
func Cut(name string) string {
	if utf8.RuneCountInString(name) <= MaxName {
		return name
	}
	return string([]rune(name)[:MaxName])
}

// GiveSlugs gives new organizations and new workspaces slugs that none has: organizations are those that are taken, workspaces those of an
// organization that are.
func (p *Plan) GiveSlugs(organizations map[string]bool, workspaces func(o *Organization) map[string]bool) {
	slugs := Slugs{Taken: organizations}
	for i := range p.Organizations {
		o := &p.Organizations[i]
		if o.State == New {
			var renamed bool
			if o.Slug, renamed = slugs.Of(o.Name, o.ExternalID); renamed {
				p.Report.Add(Noted, "organization "+o.Name, "slug", "another organization has the slug of its name: it is made beside it with another one; --organization imports into that one", o.Slug)
			}
		}
		within := Slugs{Taken: workspaces(o)}
		for j := range o.Workspaces {
			w := &o.Workspaces[j]
			if w.State != New {
				continue
			}
			var renamed bool
			if w.Slug, renamed = within.Of(w.Name, w.ExternalID); renamed {
				p.Report.Add(Noted, "workspace "+w.Name, "slug", "another workspace of the organization has the slug of its name: it gets another one", w.Slug)
			}
		}
	}
}
