package graphtest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
)

// Do runs an operation of the contract.
func (a *API) Do(token, operation string, variables Object) *Answer {
	a.T.Helper()
	return a.Post(token, Object{"query": a.contract.of(a.T, operation), "operationName": operation, "variables": variables})
}

// Run runs an operation of the contract that must succeed.
func (a *API) Run(token, operation string, variables Object) *Answer {
	a.T.Helper()
	result := a.Do(token, operation, variables)
	if len(result.Errors) > 0 {
		a.T.Fatalf("%s: %+v", operation, result.Errors)
	}
	return result
}

// Refused runs an operation of the contract that must fail with a code, about a field.
func (a *API) Refused(token, operation string, variables Object, code, field string) {
	a.T.Helper()
	a.Do(token, operation, variables).Must(code, field)
}

// Post sends a body, as JSON.
func (a *API) Post(token string, body any) *Answer {
	a.T.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		a.T.Fatal(err)
	}
	return a.Send(http.MethodPost, "", token, encoded)
}

// Send sends a request. The query is put behind the path, with its question mark; the token may be empty.
func (a *API) Send(method, query, token string, body []byte) *Answer {
	a.T.Helper()
	return a.SendWith(method, query, token, body, http.Header{})
}

// SendWith is Send with headers, which replace those that Send sets.
func (a *API) SendWith(method, query, token string, body []byte, header http.Header) *Answer {
	a.T.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, a.URL+"/graphql"+query, bytes.NewReader(body))
	if err != nil {
		a.T.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	maps.Copy(request.Header, header)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.T.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		a.T.Fatal(err)
	}
	result := &Answer{t: a.T, Status: response.StatusCode, Bytes: len(text), Body: string(text), Header: response.Header}
	if err := json.Unmarshal(text, result); err != nil {
		a.T.Fatalf("answer %d is no JSON: %.300s", response.StatusCode, text)
	}
	return result
}
