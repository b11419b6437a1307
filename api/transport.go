package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"bursar/fault"
)

// overHTTP is a transport of gqlgen for GraphQL over HTTP, by GET and by POST. gqlgen's own write "data": null for a request that was
// not executed, take no documentId, and answer 422 to clients that accept application/json.
type overHTTP struct{ present presenter }

var _ graphql.Transport = overHTTP{}

// Supports implements [graphql.Transport].
func (overHTTP) Supports(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodPost
}

// Do implements [graphql.Transport].
func (t overHTTP) Do(w http.ResponseWriter, r *http.Request, executor graphql.GraphExecutor) {
	ctx := r.Context()
	params, err := readParams(r)
	if err == nil && params.Query == "" && params.Extensions[persistedQuery] == nil {
		err = errors.New("the request has neither a query nor a documentId")
	}
	if err != nil {
		t.present.refuse(w, r, http.StatusBadRequest, fault.BadUserInput, err.Error())
		return
	}
	params.Headers = r.Header
	params.ReadTime = graphql.TraceTiming{Start: graphql.GetStartTime(ctx), End: graphql.Now()}
	operation, errs := executor.CreateOperationContext(ctx, params)
	if len(errs) > 0 {
		response := executor.DispatchError(graphql.WithOperationContext(ctx, operation), errs)
		writeResponse(w, statusOfErrors(r, errs, response.Errors), &answerBody{Errors: response.Errors, Extensions: response.Extensions})
		return
	}
	responses, ctx := executor.DispatchOperation(ctx, operation)
	response := responses(ctx)
	if response == nil { // the request's time was over before it began to be executed
		err := t.present.present(ctx, ctx.Err())
		writeResponse(w, statusOf(responseType(r), fault.Unavailable), &answerBody{Errors: gqlerror.List{err}})
		return
	}
	writeResponse(w, http.StatusOK, &answerBody{Errors: response.Errors, Data: response.Data, Extensions: response.Extensions})
}

// statusOfErrors returns the status of an answer to a request that was not executed. errs are the errors as they were found, presented
// what the client is told.
func statusOfErrors(r *http.Request, errs, presented gqlerror.List) int {
	if errors.Is(errs, errMutationByGet) {
		return http.StatusMethodNotAllowed
	}
	code, _ := presented[0].Extensions["code"].(string)
	return statusOf(responseType(r), fault.Code(code))
}

// requestBody is a GraphQL request.
type requestBody struct {
	Query         string         `json:"query"`
	DocumentID    string         `json:"documentId"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`
}

// persistedQuery is the extension by which clients of Apollo name a document: documentId is another way to say it.
const persistedQuery = "persistedQuery"

// params returns the request for gqlgen.
func (b *requestBody) params() *graphql.RawParams {
	if b.DocumentID != "" && b.Query == "" && b.Extensions[persistedQuery] == nil {
		if b.Extensions == nil {
			b.Extensions = map[string]any{}
		}
		b.Extensions[persistedQuery] = map[string]any{"version": 1, "sha256Hash": b.DocumentID}
	}
	return &graphql.RawParams{Query: b.Query, OperationName: b.OperationName, Variables: b.Variables, Extensions: b.Extensions}
}

// readParams reads a request. Its error is for the client, and repeats nothing of the request.
func readParams(r *http.Request) (*graphql.RawParams, error) {
	body := &requestBody{}
	if r.Method == http.MethodPost {
		if read, isRead := r.Body.(*readBody); isRead && body.split(string(read.text)) {
			return body.params(), nil
		}
		*body = requestBody{}
		if err := decodeJSON(r.Body, body); err != nil {
			return nil, errors.New(`the request must be a JSON object with a text "query" (or "documentId"), a text "operationName", and ` +
				`objects "variables" and "extensions"`)
		}
		return body.params(), nil
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, errors.New("the query string could not be read")
	}
	body.Query, body.DocumentID, body.OperationName = values.Get("query"), values.Get("documentId"), values.Get("operationName")
	for name, value := range map[string]*map[string]any{"variables": &body.Variables, "extensions": &body.Extensions} {
		if text := values.Get(name); text != "" && decodeJSON(strings.NewReader(text), value) != nil {
			return nil, errors.New(name + " must be a JSON object")
		}
	}
	return body.params(), nil
}

// decodeJSON decodes a value, whose numbers keep their digits.
func decodeJSON(text io.Reader, value any) error {
	decoder := json.NewDecoder(text)
	decoder.UseNumber()
	if err := decoder.Decode(value); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more than one value")
	}
	return nil
}

// answerBody is an answer. One without data has no entry for it, which tells clients that nothing was executed.
type answerBody struct {
	Errors     gqlerror.List   `json:"errors,omitempty"`
	Data       json.RawMessage `json:"data,omitempty"`
	Extensions map[string]any  `json:"extensions,omitempty"`
}

// writeResponse writes an answer, whose media type is set.
func writeResponse(w http.ResponseWriter, status int, body *answerBody) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // data is JSON that gqlgen has written
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // the client may have left
}
