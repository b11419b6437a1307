package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strconv"
	"strings"
)

// compress returns the body as gzip. Monaco alone is three megabytes, a quarter of that compressed.
func compress(body []byte) []byte {
	var buffer bytes.Buffer
	writer := gzip.NewWriter(&buffer)
	_, err := writer.Write(body)
	if err == nil {
		err = writer.Close()
	}
	if err != nil {
		// Writing to memory cannot fail.
		panic(fmt.Sprintf("web: compressing an embedded file: %v", err))
	}
	return buffer.Bytes()
}

// acceptsGzip reads the values of Accept-Encoding: whether gzip, or anything, is listed and not refused by a weight of 0.
// A listing of gzip itself counts for more than one of anything.
func acceptsGzip(values []string) bool {
	accepted := false
	for entry := range strings.SplitSeq(strings.Join(values, ","), ",") {
		coding, parameters, _ := strings.Cut(entry, ";")
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip":
			return weight(parameters) > 0
		case "*":
			accepted = weight(parameters) > 0
		}
	}
	return accepted
}

// weight reads "q=0.5"; without one, or with one that is no number, it is 1.
func weight(parameters string) float64 {
	_, value, ok := strings.Cut(strings.ToLower(parameters), "q=")
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return 1
	}
	return q
}
