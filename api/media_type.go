package api

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"bursar/fault"
)

// The media types of answers. With graphQLType the status tells what happened to the request; with jsonType, which is older, it is 200
// for every GraphQL request that could be read.
const (
	jsonType    = "application/json"
	graphQLType = "application/graphql-response+json"
)

// responseType returns the media type that a request's Accept headers prefer: the one with the higher quality, of two with the same
// the one that comes first. Without a preference, or when neither is accepted, it is application/json.
func responseType(r *http.Request) string {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	switch accept {
	case "", "*/*", jsonType:
		return jsonType
	case graphQLType:
		return graphQLType
	}
	if acceptanceOf(accept, graphQLType).preferredTo(acceptanceOf(accept, jsonType)) {
		return graphQLType
	}
	return jsonType
}

// acceptance is what an Accept header says of a media type, by the most specific of its ranges that match.
type acceptance struct {
	quality     float64 // 0: not accepted
	specificity int     // of the range: 3 for the media type itself, 2 for application/*, 1 for */*, 0 when none matches
	position    int     // of the range in the header
}

func acceptanceOf(accept, mediaType string) (a acceptance) {
	for position, part := range strings.Split(accept, ",") {
		name, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		specificity := 0
		switch name {
		case mediaType:
			specificity = 3
		case "application/*":
			specificity = 2
		case "*/*":
			specificity = 1
		}
		if specificity <= a.specificity {
			continue
		}
		a = acceptance{quality: 1, specificity: specificity, position: position}
		if quality, err := strconv.ParseFloat(parameters["q"], 64); err == nil {
			a.quality = quality
		}
	}
	return a
}

func (a acceptance) preferredTo(other acceptance) bool {
	if a.quality != other.quality {
		return a.quality > other.quality
	}
	return a.quality > 0 && a.position < other.position
}

// statusOf returns the HTTP status of an answer that has an error and no data. Those of requests that were executed have 200, also when
// all of their fields failed.
func statusOf(mediaType string, code fault.Code) int {
	if mediaType == jsonType {
		return http.StatusOK
	}
	switch code {
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound, fault.PersistedQueryNotFound:
		return http.StatusNotFound
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Internal:
		return http.StatusInternalServerError
	default:
		return http.StatusBadRequest
	}
}
