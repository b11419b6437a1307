package grpcserver_test

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"bursar/grpcserver"
)

// echo is a service of one method, which calls a function.
func echo(answer func(text string) string) *grpc.ServiceDesc {
	return &grpc.ServiceDesc{ServiceName: "test.Echo", HandlerType: (*any)(nil), Methods: []grpc.MethodDesc{{MethodName: "Say",
		Handler: func(_ any, ctx context.Context, decode func(any) error, intercept grpc.UnaryServerInterceptor) (any, error) {
			request := &wrapperspb.StringValue{}
			if err := decode(request); err != nil {
				return nil, err
			}
			return intercept(ctx, request, &grpc.UnaryServerInfo{FullMethod: "/test.Echo/Say"}, func(context.Context, any) (any, error) {
				return wrapperspb.String(answer(request.GetValue())), nil
			})
		}}}}
}

// Guarantee: a call that panics and one that is too large fail alone; each call is told to the observer once; and Stop waits for what is in flight.
func TestServer(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	begun, finish := make(chan struct{}), make(chan struct{})
	var mutex sync.Mutex
	observed := map[codes.Code]int{}
	server := grpcserver.Serve(listener, grpcserver.Config{
		Logger:       slog.New(slog.DiscardHandler),
		Authenticate: func(ctx context.Context) (context.Context, error) { return ctx, nil },
		Observe: func(_ string, code codes.Code) {
			mutex.Lock()
			defer mutex.Unlock()
			observed[code]++
		},
		Services: func(on grpc.ServiceRegistrar) []string {
			on.RegisterService(echo(func(text string) string {
				switch text {
				case "panic":
					panic("a secret")
				case "wait":
					close(begun)
					<-finish
				}
				return text
			}), nil)
			return []string{"test.Echo"}
		},
	})
	connection, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	say := func(text string) (string, error) {
		answer := &wrapperspb.StringValue{}
		err := connection.Invoke(t.Context(), "/test.Echo/Say", wrapperspb.String(text), answer)
		return answer.GetValue(), err
	}
	if _, err := say("panic"); status.Code(err) != codes.Internal || strings.Contains(err.Error(), "secret") {
		t.Errorf("a panic: %v", err)
	}
	if _, err := say(strings.Repeat("x", grpcserver.MaxMessageBytes+1)); status.Code(err) != codes.ResourceExhausted {
		t.Errorf("a message that is too large: %v", status.Code(err))
	}
	if answer, err := say("hello"); err != nil || answer != "hello" {
		t.Errorf("a call: %q, %v", answer, err)
	}
	said := make(chan error, 1)
	go func() {
		answer, err := say("wait")
		if answer != "wait" && err == nil {
			err = status.Error(codes.Unknown, answer)
		}
		said <- err
	}()
	<-begun
	stopped := make(chan bool, 1)
	go func() { stopped <- server.Stop(time.Minute) }()
	select {
	case <-stopped:
		t.Error("it stops with a call in flight")
	default:
	}
	close(finish)
	if err := <-said; err != nil {
		t.Errorf("the call in flight: %v", err)
	}
	if !<-stopped {
		t.Error("it has not stopped")
	}
	mutex.Lock()
	defer mutex.Unlock()
	if observed[codes.OK] != 2 || observed[codes.Internal] != 1 {
		t.Errorf("observed are %v", observed)
	}
}
