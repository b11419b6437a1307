package docs

import (
	"bytes"
	"html/template"
	"net/url"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// document is one Markdown file.
type document struct {
	URL    string        // where its page is served
	Title  string        // its first heading
	HTML   template.HTML // its body; raw HTML in the source is left out
	source []byte
}

func newDocument(name string) *document {
	markdown := goldmark.New(
		goldmark.WithExtensions(extension.GFM),
		goldmark.WithParserOptions(parser.WithAutoHeadingID(), parser.WithASTTransformers(util.Prioritized(links{}, 0))))
	d := &document{URL: pageURL(prefix + strings.TrimSuffix(name, ".md")), source: read(name)}
	root := markdown.Parser().Parse(text.NewReader(d.source))
	d.Title = title(root, d.source)
	var body bytes.Buffer
	must(markdown.Renderer().Render(&body, d.source, root))
	d.HTML = template.HTML(body.String()) // goldmark has escaped it
	return d
}

// title returns the text of the first heading; "" when there is none.
func title(root ast.Node, source []byte) string {
	for node := root.FirstChild(); node != nil; node = node.NextSibling() {
		if heading, ok := node.(*ast.Heading); ok && heading.Level == 1 {
			return string(heading.Lines().Value(source))
		}
	}
	return ""
}

// links makes the repository's links those of the served pages: a document's file name becomes its page, and what lies
// outside this folder, which is not served, becomes plain text.
type links struct{}

// Transform implements [parser.ASTTransformer].
func (links) Transform(root *ast.Document, _ text.Reader, _ parser.Context) {
	var outside []*ast.Link
	must(ast.Walk(root, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		link, ok := node.(*ast.Link)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		target, err := url.Parse(string(link.Destination))
		if err != nil {
			return ast.WalkStop, err
		}
		switch {
		case target.IsAbs() || target.Path == "":
		case strings.HasPrefix(target.Path, "../"):
			outside = append(outside, link)
		case strings.HasSuffix(target.Path, ".md"):
			target.Path = pageURL(prefix + strings.TrimSuffix(target.Path, ".md"))
			link.Destination = []byte(target.String())
		}
		return ast.WalkContinue, nil
	}))
	for _, link := range outside {
		parent := link.Parent()
		for child := link.FirstChild(); child != nil; child = link.FirstChild() {
			parent.InsertBefore(parent, link, child)
		}
		parent.RemoveChild(parent, link)
	}
}
