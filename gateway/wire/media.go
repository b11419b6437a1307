package wire

import "strings"

// What media count at most, in tokens. docs/wire.md has the table, and where the numbers come from.
const (
	fileMost   = 1_050_000 // the largest context of any model of the three: what is larger is refused by the provider
	fileBase   = 8_000     // a page
	imageMost  = 12_000    // OpenAI with original detail, which is 10,000 patches; Gemini at most 10,000
	imageSmall = 5_000     // Anthropic
	imageMini  = 50_000    // gpt-4o-mini multiplies
	imageUsual = 1_000     // no bound: what one of ordinary size counts, for Estimate
)

// imageTokens returns what a picture counts at most.
func imageTokens(dialect Dialect, model string) int64 {
	switch {
	case dialect == Anthropic:
		return imageSmall
	case strings.Contains(model, "gpt-4o-mini"):
		return imageMini
	}
	return imageMost
}

// refer keeps the first thing that a body refers to.
func (d *document) refer(what string) {
	if d.reference == "" {
		d.reference = what
	}
}

// media counts the media of an object that stands under a name.
func (w *walk) media(name string, n *node) {
	for key, is := range n.length {
		switch {
		case key == "data" && (name == "inlineData" || name == "inline_data" || name == "source" && n.kind == "base64"):
			w.inline(n.mime, is.length)
		case key == "data" && name == "input_audio":
			w.inline("audio/"+n.mime, is.length)
		case key == "image_url", key == "url" && name == "image_url":
			w.picture()
		case key == "file_data", key == "video_url", key == "url" && name == "video_url":
			w.dataURL(is)
		case key == "file_url":
			w.refer("a file by its URL")
		case key == "fileUri" || key == "file_uri":
			if strings.HasPrefix(n.mime, "image/") {
				w.picture()
			} else {
				w.refer("a file by its URI")
			}
		case key == "file_id" && name != "source":
			w.fileID(n)
		case key == "url" && name == "source" && n.kind == "url", key == "file_id" && name == "source":
			// its block says what it is, below
		default:
			w.textBytes += is.length
		}
	}
	if n.source != nil && (n.source.kind == "url" || n.source.kind == "file") {
		if n.kind == "image" {
			w.picture()
		} else {
			w.refer("a document by its " + n.source.kind)
		}
	}
	if name == "audio" && n.id {
		w.refer("sound of an earlier answer")
	}
	if n.kind == "item_reference" {
		w.refer("input: an item by its id")
	}
}

// fileID counts a file of OpenAI by its id. Citations of earlier answers name files that do not go in again.
func (w *walk) fileID(n *node) {
	switch n.kind {
	case "input_image", "image", "computer_screenshot":
		w.picture()
	case "file_citation", "container_file_citation", "file_path", "image_file":
	default:
		w.refer("a file by its id")
	}
}

// picture counts a picture.
func (w *walk) picture() { w.images++ }

// dataURL counts a file in a data URL; by another URL it is a reference.
func (w *walk) dataURL(is text) {
	rest, found := strings.CutPrefix(is.head, "data:")
	if !found {
		if strings.Contains(is.head, "://") {
			w.refer("a file by its URL")
			return
		}
		w.inline("", is.length) // base64 alone
		return
	}
	mime, _, _ := strings.Cut(rest, ";")
	w.inline(strings.ToLower(mime), is.length)
}

// inline counts a file that is in the body in base64.
func (w *walk) inline(mime string, base64 int64) {
	size := base64*3/4 + 1
	switch kind, _, _ := strings.Cut(mime, "/"); kind {
	case "image":
		w.picture()
	case "text":
		w.tokens += size
	case "audio":
		w.tokens += soundTokens(size)
	default:
		w.tokens += fileTokens(size)
	}
}

// soundTokens returns what a file of sound counts at most: at 6 kbit/s, the least of any codec that providers take, and 32 tokens a second,
// there is one token in 23 bytes.
func soundTokens(size int64) int64 { return min(size/8+100, fileMost) }

// fileTokens returns what another file counts at most, a PDF or a video: two tokens a byte. Pages count as text and as pictures.
func fileTokens(size int64) int64 { return min(2*size+fileBase, fileMost) }

// inputTokens returns the upper bound of a document's tokens: one for each byte of text, and what media count at most. A tokenizer that works on
// bytes never makes more tokens than bytes; names and signs of the body stand for what the provider puts between messages.
func (d *document) inputTokens() int64 {
	return d.textBytes + d.tokens + d.images*d.imageMost + templateTokens
}

// templateTokens is what providers put around each request, by no field of it.
const templateTokens = 256
