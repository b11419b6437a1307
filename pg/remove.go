package pg

import (
	"fmt"
	"os"
	"time"
)

// removeFolder removes a folder of a server that has ended. The backends of a killed server may write a last file
// while it goes; therefore a few tries.
func removeFolder(path string) error {
	const tries, pause = 20, 100 * time.Millisecond
	var err error
	for range tries {
		if err = os.RemoveAll(path); err == nil {
			return nil
		}
		<-time.After(pause)
	}
	return fmt.Errorf("remove %s: %w", path, err)
}
