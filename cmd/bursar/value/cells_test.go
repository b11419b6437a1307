package value

import (
	"maps"
	"testing"
)

// Guarantee: cells are read with their names, and what is wrong with one is said, without its URL.
func TestCells(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Cells{
		"":                      {},
		"eu=postgres://u:p@a/b": {"eu": "postgres://u:p@a/b"},
		"eu=postgres://a/b?x=1, us-2=postgres://c/d": {"eu": "postgres://a/b?x=1", "us-2": "postgres://c/d"},
		"eu=postgres://u@a:1,b:2/c?target_session_attrs=read-write,us=postgres://d,[::1],e/f": {
			"eu": "postgres://u@a:1,b:2/c?target_session_attrs=read-write", "us": "postgres://d,[::1],e/f"},
		"eu=host=a,b port=1,2 dbname=c,us=host=d dbname=e": {"eu": "host=a,b port=1,2 dbname=c", "us": "host=d dbname=e"},
	} {
		var c Cells
		if err := c.UnmarshalText([]byte(text)); err != nil || !maps.Equal(c, want) {
			t.Errorf("%q: %v, %v", text, c, err)
		}
	}
	for _, text := range []string{
		"postgres://a/b", "EU=postgres://a/b", "home=postgres://a/b", "eu=postgres://a/b,eu=postgres://c/d", "eu=", "=postgres://a/b",
		"eu=postgres://a/b,", "eu=nonsense://x", "eu=postgres://a/b,postgres://c/d", "eu=postgres://a/b,EU=postgres://c/d", "eu=postgres://a/b,=postgres://c/d",
	} {
		var c Cells
		if err := c.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken as %v", text, c)
		}
	}
}
