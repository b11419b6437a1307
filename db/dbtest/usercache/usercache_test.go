package usercache

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// Those who need the same folder at the same time wait for one of them to make it, and then have it together.
func TestCacheMakesOnce(t *testing.T) {
	t.Parallel()
	c, made, used := Cache{t.TempDir(), 1}, atomic.Int64{}, sync.WaitGroup{}
	together := make(chan struct{}, 8)
	for range 8 {
		used.Go(func() {
			err := c.With("one", func(folder string) error {
				made.Add(1)
				return os.Mkdir(folder, 0o700)
			}, func(folder string) error {
				together <- struct{}{}
				for len(together) < cap(together) { // a user that shut others out would wait for them forever
					if _, err := os.Stat(folder); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	if used.Wait(); made.Load() != 1 {
		t.Errorf("it was made %d times", made.Load())
	}
}

// What was not finished is never used: it is made again. Of what is whole, those that were used last are left.
func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	const most = 4
	c, failure := Cache{t.TempDir(), most}, errors.New("killed")
	fill := func(folder string) error { return os.Mkdir(folder, 0o700) }
	use := func(folder string) error {
		_, err := os.Stat(folder)
		return err
	}
	err := c.With("one", func(folder string) error { return errors.Join(fill(folder), failure) }, use)
	if !errors.Is(err, failure) {
		t.Fatalf("half of it is used: %v", err)
	}
	for i := range 2 * most {
		for _, name := range []string{"one", strconv.Itoa(i)} {
			if err := c.With(name, fill, use); err != nil {
				t.Fatal(err)
			}
		}
	}
	left, err := filepath.Glob(filepath.Join(c.folder, "*"))
	if err != nil || len(left) != most+1 { // and the lock
		t.Errorf("left are %v, %v", left, err)
	}
	if err := c.With("one", func(string) error { return errors.New("it was removed") }, use); err != nil {
		t.Error(err)
	}
}
