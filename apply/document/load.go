package document

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// MaxBytes is how large the files of one run may be together.
const MaxBytes = 32 << 20

// Load reads files, the files *.yaml and *.yml of folders and below, and standard input (-). It returns a document for each organization, in the
// order of their slugs; what several documents say of one organization is put together. The error is Mistakes, all of them, or says what cannot be read.
func Load(paths []string, stdin io.Reader) ([]*Document, error) {
	var all []*Document
	var mistakes Mistakes
	left := int64(MaxBytes)
	for _, path := range paths {
		files, err := filesOf(path)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			content, err := read(file, stdin, left)
			if err != nil {
				return nil, err
			}
			left -= int64(len(content))
			documents, wrong := decode(displayed(file), content)
			all, mistakes = append(all, documents...), append(mistakes, wrong...)
		}
	}
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	return combine(all)
}

// displayed is the name of a file in messages.
func displayed(file string) string {
	if file == "-" {
		return "standard input"
	}
	return file
}

// filesOf returns the files of a path, those of a folder in the order of their names.
func filesOf(path string) ([]string, error) {
	if path == "-" {
		return []string{path}, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(name)) {
			files = append(files, name)
		}
		return err
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s has no files *.yaml or *.yml", path)
	}
	return files, err
}

func read(file string, stdin io.Reader, most int64) ([]byte, error) {
	from := stdin
	if file != "-" {
		opened, err := os.Open(filepath.Clean(file))
		if err != nil {
			return nil, err
		}
		defer func() { _ = opened.Close() }() // it was read
		from = opened
	}
	if from == nil {
		return nil, errors.New("there is no standard input")
	}
	content, err := io.ReadAll(io.LimitReader(from, most+1))
	if err == nil && int64(len(content)) > most {
		err = fmt.Errorf("%s: the files are larger than %d MiB together", displayed(file), MaxBytes>>20)
	}
	return content, err
}

// combine puts documents of the same organization together and checks what one file alone cannot be wrong about.
func combine(all []*Document) ([]*Document, error) {
	var mistakes Mistakes
	bySlug := map[string]*Document{}
	for _, d := range all {
		if len(d.Owner) > 100 || strings.TrimSpace(d.Owner) != d.Owner {
			mistakes.Add(d.At(), "owner: want 1 to 100 characters without blanks around them")
		}
		for _, key := range d.keys() {
			key.Owner = d.Owner
		}
		for _, price := range d.Prices {
			price.Owner = d.Owner
		}
		slug := d.Organization.Slug
		if bySlug[slug] == nil {
			bySlug[slug] = d
			d.Owners = owners(d)
			continue
		}
		bySlug[slug].join(d, &mistakes)
	}
	organizations := make([]*Document, 0, len(bySlug))
	for _, d := range bySlug {
		d.joinWorkspaces(&mistakes)
		d.check(&mistakes)
		organizations = append(organizations, d)
	}
	slices.SortFunc(organizations, func(a, b *Document) int { return strings.Compare(a.Organization.Slug, b.Organization.Slug) })
	slices.SortStableFunc(mistakes, func(a, b Mistake) int { return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line) })
	return organizations, mistakes.Err()
}

func owners(d *Document) []string {
	if d.Owner == "" {
		return nil
	}
	return []string{d.Owner}
}

// keys returns the API keys of a document.
func (d *Document) keys() []*APIKey {
	keys := slices.Clone(d.APIKeys)
	for _, w := range d.Workspaces {
		keys = append(keys, w.APIKeys...)
	}
	return keys
}

// join adds what another document says of the same organization.
func (d *Document) join(other *Document, mistakes *Mistakes) {
	joinFields(&d.Organization, &other.Organization, other.Organization.At(), "organization", mistakes)
	d.Members = append(d.Members, other.Members...)
	d.Workspaces = append(d.Workspaces, other.Workspaces...)
	d.APIKeys = append(d.APIKeys, other.APIKeys...)
	d.Policies = append(d.Policies, other.Policies...)
	d.Prices = append(d.Prices, other.Prices...)
	d.Owners = append(d.Owners, owners(other)...)
	switch {
	case other.Removed == nil:
	case d.Removed == nil:
		d.Removed = other.Removed
	default:
		d.Removed.APIKeys = append(d.Removed.APIKeys, other.Removed.APIKeys...)
		d.Removed.Workspaces = append(d.Removed.Workspaces, other.Removed.Workspaces...)
		d.Removed.Policies = append(d.Removed.Policies, other.Removed.Policies...)
		d.Removed.Members = append(d.Removed.Members, other.Removed.Members...)
		d.Removed.Prices = append(d.Removed.Prices, other.Removed.Prices...)
	}
}

// joinWorkspaces puts together what is said of the same workspace in several places.
func (d *Document) joinWorkspaces(mistakes *Mistakes) {
	bySlug, joined := map[string]*Workspace{}, []*Workspace(nil)
	for _, w := range d.Workspaces {
		first := bySlug[w.Slug]
		if first == nil {
			bySlug[w.Slug], joined = w, append(joined, w)
			continue
		}
		joinFields(first, w, w.At(), "workspace "+w.Slug, mistakes)
		first.APIKeys = append(first.APIKeys, w.APIKeys...)
		first.Policies = append(first.Policies, w.Policies...)
	}
	d.Workspaces = joined
}
