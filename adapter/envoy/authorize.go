package envoy

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	typev3 "github.com/envoyproxy/go-control-plane/envoy/type/v3"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/structpb"

	"bursar/adapter"
	"bursar/adapter/envoy/mapping"
	"bursar/db"
	"bursar/gateway/wire"
	"bursar/id"
)

// Check implements the authorization service: whether a request may pass, by the API key in its headers. Where the body is known, and the request has
// an id, what it uses at most is held under that id until the rate limit service is told what it used, or the hold expires.
func (s *Service) Check(ctx context.Context, request *authv3.CheckRequest) (*authv3.CheckResponse, error) {
	response, err := s.authorizeRequest(ctx, request.GetAttributes().GetRequest().GetHttp())
	if err != nil {
		return nil, s.failed(ctx, "Check", err)
	}
	return response, nil
}

func (s *Service) authorizeRequest(ctx context.Context, asked *authv3.AttributeContext_HttpRequest) (*authv3.CheckResponse, error) {
	if err := s.authorize(ctx); err != nil {
		return nil, err
	}
	m := s.mapping.Load()
	headers, pairs := headersOf(asked)
	target := targetOf(asked)
	if target == nil {
		return denied(wire.OpenAI, wire.Failure{Status: http.StatusBadRequest, Reason: "BAD_USER_INPUT", Final: true, Message: "The path of the request is none."}), nil
	}
	endpoint := wire.Match(asked.GetMethod(), target.Path, headers)
	demand, body, err := demandOf(&m.Authorizing, asked, &endpoint, headers, target.Query(), pairs)
	if problem, is := errors.AsType[*wire.Problem](err); is {
		return denied(endpoint.Dialect, problem.Failure()), nil
	} else if err != nil {
		return nil, err
	}
	c, err := s.call(demand, m)
	if err != nil {
		return nil, err
	}
	c.skipLimits = true
	answer, err := c.decide(ctx)
	if err != nil {
		return nil, err
	}
	if isDenied(answer) {
		return denied(endpoint.Dialect, failureOf(answer, m.Authorizing.DeniedStatus)), nil
	}
	return admitted(answer, demand, body), nil
}

// targetOf returns the path and the query of a request; nil: it has none.
func targetOf(asked *authv3.AttributeContext_HttpRequest) *url.URL {
	target, err := url.ParseRequestURI(asked.GetPath())
	if err != nil {
		return nil
	}
	return target
}

// demandOf reads what a request asks for. The error is a *wire.Problem for what is wrong with the request itself. known tells whether its body could be
// read: it may be missing, or cut where Envoy buffers no more.
func demandOf(a *mapping.Authorizing, asked *authv3.AttributeContext_HttpRequest, endpoint *wire.Endpoint, headers http.Header, query url.Values,
	pairs []mapping.Pair) (demand *mapping.Demand, known bool, err error) {
	demand = &mapping.Demand{Rule: &mapping.Rule{}, Phase: mapping.Check, Provider: a.Provider.Of(pairs), Metadata: a.MetadataOf(pairs), Model: endpoint.Model}
	if demand.Key, demand.KeyIsID = a.Key.Find(pairs); a.Key == nil {
		demand.KeyIsID = false
		if demand.Key, err = wire.TakeKey(headers, query); err != nil {
			return nil, false, err
		}
	}
	if demand.Key == "" {
		return nil, false, &wire.Problem{Status: http.StatusUnauthorized, Message: "There is no API key in the request."}
	}
	body := asked.GetRawBody()
	if len(body) == 0 {
		body = []byte(asked.GetBody())
	}
	if endpoint.Kind == wire.Free || len(body) == 0 || headers.Get("X-Envoy-Auth-Partial-Body") == "true" {
		return demand, false, nil
	}
	read, err := wire.Parse(*endpoint, headers, body)
	if err != nil {
		return nil, false, err
	}
	demand.Model = read.Model
	demand.Estimated.InputTokens, demand.Estimated.MaxOutputTokens = &read.InputTokens, read.MaxOutputTokens
	if demand.RequestID = a.RequestID.Of(pairs); demand.RequestID != "" && !a.CheckOnly {
		demand.Phase = mapping.Reserve
	}
	return demand, true, nil
}

// headersOf returns the headers of a request, in both forms.
func headersOf(asked *authv3.AttributeContext_HttpRequest) (http.Header, []mapping.Pair) {
	headers, pairs := http.Header{}, []mapping.Pair{}
	add := func(name, value string) {
		if strings.HasPrefix(name, ":") {
			return
		}
		headers.Add(name, value)
		pairs = append(pairs, mapping.Pair{Key: strings.ToLower(name), Value: value})
	}
	for name, value := range asked.GetHeaders() {
		add(name, value)
	}
	for _, header := range asked.GetHeaderMap().GetHeaders() {
		value := header.GetValue()
		if value == "" {
			value = string(header.GetRawValue())
		}
		add(header.GetKey(), value)
	}
	return headers, pairs
}

// Headers that requests carry on to the upstream, and what follows in the filters' chain can read as dynamic metadata.
const (
	headerReservation = "x-bursar-reservation"
	headerKeyID       = "x-bursar-key-id"
)

// admitted returns that a request may pass. Headers of these names that the caller has sent are replaced, or removed.
func admitted(answer *db.UsageAnswer, demand *mapping.Demand, known bool) *authv3.CheckResponse {
	ok, fields := &authv3.OkHttpResponse{}, map[string]*structpb.Value{}
	set := func(name, field, value string) {
		ok.Headers = append(ok.Headers, overwrite(name, value))
		fields[field] = structpb.NewStringValue(value)
	}
	if answer.ReservationID != nil {
		set(headerReservation, "reservation", id.Reservation.Format(*answer.ReservationID))
	} else {
		ok.HeadersToRemove = append(ok.HeadersToRemove, headerReservation)
	}
	if keyID := answer.ExternalAPIKeyID(); keyID != nil {
		set(headerKeyID, "key_id", *keyID)
	}
	if known {
		fields["model"] = structpb.NewStringValue(demand.Model)
	}
	return &authv3.CheckResponse{
		Status: &rpcstatus.Status{Code: int32(codes.OK)}, HttpResponse: &authv3.CheckResponse_OkResponse{OkResponse: ok},
		DynamicMetadata: &structpb.Struct{Fields: fields},
	}
}

// denied returns that a request may not pass, with the answer that the caller's SDK understands.
func denied(dialect wire.Dialect, f wire.Failure) *authv3.CheckResponse {
	w := &answer{header: http.Header{}}
	wire.WriteError(w, dialect, f)
	response := &authv3.DeniedHttpResponse{Status: &typev3.HttpStatus{Code: typev3.StatusCode(w.status)}, Body: w.body.String()} //nolint:gosec // of HTTP
	for name, values := range w.header {
		if name != "Content-Length" { // which is Envoy's to say
			response.Headers = append(response.Headers, overwrite(strings.ToLower(name), strings.Join(values, ", ")))
		}
	}
	if f.Reason != "" {
		response.Headers = append(response.Headers, overwrite("x-bursar-reason", f.Reason))
	}
	return &authv3.CheckResponse{
		Status:       &rpcstatus.Status{Code: int32(codes.PermissionDenied), Message: f.Reason},
		HttpResponse: &authv3.CheckResponse_DeniedResponse{DeniedResponse: response},
		DynamicMetadata: &structpb.Struct{Fields: map[string]*structpb.Value{
			"reason": structpb.NewStringValue(f.Reason), "status": structpb.NewStringValue(strconv.Itoa(w.status))}},
	}
}

func overwrite(name, value string) *corev3.HeaderValueOption {
	return &corev3.HeaderValueOption{
		Header: &corev3.HeaderValue{Key: name, Value: value}, AppendAction: corev3.HeaderValueOption_OVERWRITE_IF_EXISTS_OR_ADD,
	}
}

// answer is an HTTP answer that is not written to anybody.
type answer struct {
	header http.Header
	status int
	body   strings.Builder
}

// Header implements [http.ResponseWriter].
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements [http.ResponseWriter].
func (a *answer) WriteHeader(status int) { a.status = status }

// Write implements [http.ResponseWriter].
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// failureOf returns what a caller is told about a denial, with another status where a budget is full.
func failureOf(answer *db.UsageAnswer, budgetStatus int) wire.Failure {
	f := adapter.Failure(answer)
	if f.Status == http.StatusPreconditionFailed {
		f.Status = budgetStatus
	}
	return f
}
