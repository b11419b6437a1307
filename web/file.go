package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// isHashed tells the files whose names carry a hash of their contents.
func isHashed(url string) bool {
	return strings.HasPrefix(url, "/console/assets/") || strings.HasPrefix(url, "/graphiql/assets/")
}

// file is one embedded file as it is served.
type file struct {
	body         []byte
	compressed   func() []byte // gzip of body, made at the first call
	hash         string        // of body; tells versions apart in the ETag
	contentType  string
	cacheControl string
}

// load reads every file under dist, by the path of the URL at which it is served.
func load(root fs.FS) map[string]*file {
	pages := make(map[string]*file)
	err := fs.WalkDir(root, "dist", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		for _, url := range urls(name) {
			pages[url] = newFile(url, name, body)
		}
		return nil
	})
	if err != nil {
		// The files are part of the binary: this is a broken build, not a condition to handle.
		panic(fmt.Sprintf("web: reading the embedded files: %v", err))
	}
	return pages
}

// urls lists the paths at which an embedded file is served: a page at its folder's, with and without the last slash.
func urls(name string) []string {
	url := strings.TrimPrefix(name, "dist")
	folder, isPage := strings.CutSuffix(url, "index.html")
	switch {
	case !isPage:
		return []string{url}
	case folder == "/":
		return []string{"/"}
	default:
		return []string{folder, strings.TrimSuffix(folder, "/")}
	}
}

func newFile(url, name string, body []byte) *file {
	cacheControl := "no-cache"
	if isHashed(url) {
		cacheControl = "public, max-age=31536000, immutable" // a year, in seconds
	}
	sum := sha256.Sum256(body)
	return &file{
		body:         body,
		compressed:   sync.OnceValue(func() []byte { return compress(body) }),
		hash:         hex.EncodeToString(sum[:16]),
		contentType:  contentType(name),
		cacheControl: cacheControl,
	}
}

// contentType names the type by the file's ending. The table of the operating system is not asked: it differs between
// machines, and a script with a wrong type is not run.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".ttf":
		return "font/ttf"
	case ".txt", ".md", ".graphql":
		return "text/plain; charset=utf-8"
	default:
		return "application/octet-stream"
	}
}
