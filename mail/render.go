package mail

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"
)

//go:embed templates
var templates embed.FS

// renderAlertHTML parses the template with each mail: a fraction of a
// millisecond beside the request that sends it, and no state in the package.
func renderAlertHTML(view alertView) (string, error) {
	parsed, err := htmltemplate.New("alert.html").
		Funcs(htmltemplate.FuncMap{"outlook": outlook}).
		ParseFS(templates, "templates/alert.html")
	if err != nil {
		return "", err
	}
	var body strings.Builder
	if err := parsed.Execute(&body, view); err != nil {
		return "", err
	}
	return body.String(), nil
}

func renderAlertText(view alertView) (string, error) {
	parsed, err := texttemplate.New("alert.txt").
		Funcs(texttemplate.FuncMap{"bar": textBar, "row": textLabel}).
		ParseFS(templates, "templates/alert.txt")
	if err != nil {
		return "", err
	}
	var body strings.Builder
	if err := parsed.Execute(&body, view); err != nil {
		return "", err
	}
	return body.String(), nil
}

// outlook wraps markup in a comment that Outlook for Windows alone reads. It is
// for constants in the template, from which html/template strips comments.
func outlook(markup string) htmltemplate.HTML {
	return htmltemplate.HTML("<!--[if mso]>" + markup + "<![endif]-->")
}

// textBar draws the bar in 25 characters. Like the drawn one it is full only at
// 100 and empty only at 0. What is held is drawn behind what is used.
func textBar(used, held int) string {
	const cells = 25
	filled := func(percent int) int {
		if percent > 0 {
			return max(percent*cells/100, 1)
		}
		return 0
	}
	first := filled(used)
	behind := 0
	if held > 0 {
		behind = min(max(filled(used+held)-first, 1), cells-first)
	}
	return "[" + strings.Repeat("#", first) + strings.Repeat("=", behind) + strings.Repeat(".", cells-first-behind) + "]"
}

// textLabel pads a label so that the values below each other line up; none is
// padded to the same width.
func textLabel(label string) string {
	if label == "" {
		return fmt.Sprintf("%-15s", "")
	}
	return fmt.Sprintf("%-15s", label+":")
}
