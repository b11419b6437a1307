package mail

import (
	"bytes"
	"context"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

// outboxPageSize is how many mails a page of the list shows.
const outboxPageSize = 50

// Kept is a mail that was kept instead of sent.
type Kept struct {
	ID, To, Subject, HTML, Text string
	SentAt                      time.Time // when it would have been sent
}

// outbox serves the pages of [NewOutbox].
type outbox struct {
	list  func(ctx context.Context, limit int, before string) ([]Kept, error)
	get   func(ctx context.Context, id string) (*Kept, error)
	pages *template.Template
}

// NewOutbox shows the mails that a development server keeps. It serves /outbox
// and all below it, so mount it at both "/outbox" and "/outbox/". It asks for
// no authorization: the mails are shown to whoever can reach the server.
//
// list returns at most limit mails, newest first, that are older than the mail
// with the id before ("" begins at the newest); it need not fill HTML and Text.
// get returns nil without an error for an id it does not know. What fails is
// logged to [slog.Default] and answered with a 500 that does not say why.
func NewOutbox(
	list func(ctx context.Context, limit int, before string) ([]Kept, error),
	get func(ctx context.Context, id string) (*Kept, error),
) http.Handler {
	handler := &outbox{
		list: list,
		get:  get,
		pages: template.Must(template.New("outbox").Funcs(template.FuncMap{
			"instant": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
			"clock":   func(t time.Time) string { return t.UTC().Format("Mon 2 Jan 2006, 15:04:05 UTC") },
			"path":    func(id string) string { return "/outbox/" + url.PathEscape(id) },
			"tone":    toneOf,
		}).ParseFS(templates, "templates/outbox_*.html")),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /outbox", handler.serveList)
	mux.Handle("GET /outbox/{$}", http.RedirectHandler("/outbox", http.StatusMovedPermanently))
	mux.HandleFunc("GET /outbox/outbox.css", handler.serveStyle)
	mux.HandleFunc("GET /outbox/{id}", handler.serveMail)
	return mux
}

func (o *outbox) serveList(w http.ResponseWriter, r *http.Request) {
	before := r.URL.Query().Get("before")
	// One more than is shown tells whether there are older ones.
	mails, err := o.list(r.Context(), outboxPageSize+1, before)
	if err != nil {
		o.fail(w, r, "list kept mails", err)
		return
	}
	page := struct {
		Mails   []Kept
		Older   string // id to page on from; "" on the last page
		IsFirst bool
	}{Mails: mails, IsFirst: before == ""}
	if len(mails) > outboxPageSize {
		page.Mails = mails[:outboxPageSize]
		page.Older = page.Mails[outboxPageSize-1].ID
	}
	o.render(w, r, "outbox_list.html", "'self'", page)
}

func (o *outbox) serveMail(w http.ResponseWriter, r *http.Request) {
	kept, err := o.get(r.Context(), r.PathValue("id"))
	if err != nil {
		o.fail(w, r, "get kept mail", err)
		return
	}
	if kept == nil {
		http.Error(w, "There is no such mail in the outbox.", http.StatusNotFound)
		return
	}
	// The frame inherits this policy, and mail is styled inline.
	o.render(w, r, "outbox_mail.html", "'self' 'unsafe-inline'", kept)
}

func (o *outbox) serveStyle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeFileFS(w, r, templates, "templates/outbox.css")
}

// render executes a page before it sends anything, so that one that fails is a
// 500 and not half a page. No policy here lets a script run.
func (o *outbox) render(w http.ResponseWriter, r *http.Request, page, styleSources string, data any) {
	var body bytes.Buffer
	if err := o.pages.ExecuteTemplate(&body, page, data); err != nil {
		o.fail(w, r, "render "+page, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src "+styleSources+
		"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	if _, err := body.WriteTo(w); err != nil {
		// The reader went away; there is nobody left to tell.
		slog.DebugContext(r.Context(), "mail: outbox: write page", "error", err)
	}
}

func (o *outbox) fail(w http.ResponseWriter, r *http.Request, doing string, err error) {
	slog.ErrorContext(r.Context(), "mail: outbox: "+doing, "error", err)
	http.Error(w, "The outbox cannot be read at the moment; the reason is in the server's log.", http.StatusInternalServerError)
}
