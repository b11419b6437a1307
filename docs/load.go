package docs

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// load renders every document and reads what pages show, by the path of the URL at which each is served.
func load() map[string]*file {
	answers := map[string]*file{prefix + "page.css": newFile(read("page.css"), "text/css; charset=utf-8", pagePolicy)}
	for _, name := range list("images/*.svg") {
		answers[prefix+name] = newFile(read(name), "image/svg+xml", picturePolicy)
	}

	layout := template.Must(template.ParseFS(files, "page.html"))
	documents := parse()
	for _, current := range documents {
		var page bytes.Buffer
		err := layout.Execute(&page, struct {
			Current   *document
			Documents []*document
		}{current, documents})
		must(err)
		answers[current.URL] = newFile(page.Bytes(), "text/html; charset=utf-8", pagePolicy)
	}
	return answers
}

// parse reads all documents: the index first, then in the order in which the index names them.
func parse() []*document {
	index := newDocument("README.md")
	documents := []*document{index}
	for _, name := range list("*.md") {
		if name != "README.md" {
			documents = append(documents, newDocument(name))
		}
	}
	place := func(d *document) int {
		if d == index {
			return -1
		}
		return strings.Index(string(index.source), "("+path.Base(d.URL)+".md)")
	}
	slices.SortStableFunc(documents, func(a, b *document) int { return place(a) - place(b) })
	return documents
}

func list(pattern string) []string {
	names, err := fs.Glob(files, pattern)
	must(err)
	return names
}

func read(name string) []byte {
	body, err := files.ReadFile(name)
	must(err)
	return body
}

// must stops the program on an error about the embedded files: they are part of the binary, so it is a broken build that
// every test of this package finds, and not a condition to handle.
func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("docs: %v", err))
	}
}
