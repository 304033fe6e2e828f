// SPDX-License-Identifier: MIT
#include "lab/code_go_parts.h"

#include <algorithm>
#include <iterator>

namespace lab::go_parts {
namespace {

constexpr handler_part handlers[] = {
    {"/process",
     "process",
     {R"(
// process works for so long, or heeds Done.
func process(w http.ResponseWriter, r *http.Request) {
	work, err := duration(r, "work", 2*time.Second)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	ctx, cancel, err := limited(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	defer cancel()
	select {
	case <-time.After(work):
		say(`worker "process": finished`)
		fmt.Fprint(w, "request processed")
	case <-ctx.Done():
		if ctx.Err() == context.Canceled {
			say(`worker "process": request cancelled`)
		} else {
			say(`worker "process": %v`, ctx.Err())
		}
		answerDone(w, ctx)
	}
}
)",
      "context fmt net/http time"}},
    {"/search",
     "search",
     {R"(
// search is the search server of the Go blog, with a backend of its own.
func search(w http.ResponseWriter, r *http.Request) {
	q := r.FormValue("q")
	if q == "" {
		http.Error(w, "q: missing: expected what to search for", http.StatusBadRequest)
		return
	}
	latency, err := duration(r, "backend", 300*time.Millisecond)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	ctx, cancel, err := limited(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	defer cancel()
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	ctx = context.WithValue(ctx, userIP{}, host)
	found := make(chan error, 1)
	go func() { found <- backend(ctx, latency) }()
	select {
	case err = <-found:
	case <-ctx.Done():
		<-found // wait for the backend to return
		err = ctx.Err()
	}
	if err != nil {
		say(`worker "handleSearch": %v`, err)
		answerDone(w, ctx)
		return
	}
	say(`worker "handleSearch": finished`)
	fmt.Fprintf(w, "results for %s of %v\n", q, ctx.Value(userIP{}))
}

type userIP struct{}

// backend answers after its latency, unless the context ends first.
func backend(ctx context.Context, latency time.Duration) error {
	select {
	case <-time.After(latency):
		say(`worker "search": finished`)
		return nil
	case <-ctx.Done():
		say(`worker "search": %v`, ctx.Err())
		return ctx.Err()
	}
}
)",
      "context fmt net net/http time"}},
};

} // namespace

handler_part handler(std::string_view path) {
    const auto at = std::find_if(std::begin(handlers), std::end(handlers),
                                 [&](const handler_part& h) { return h.path == path; });
    return at == std::end(handlers) ? handler_part{} : *at;
}

part requests() {
    return {R"(
// duration reads a parameter of a request.
func duration(r *http.Request, name string, otherwise time.Duration) (time.Duration, error) {
	d := otherwise
	if text := r.FormValue(name); text != "" {
		var err error
		if d, err = time.ParseDuration(text); err != nil {
			return 0, fmt.Errorf("%s: %v", name, err)
		}
	}
	return d / speed, nil
}

// limited gives the request's context, with a timeout if the request asks for one.
func limited(r *http.Request) (context.Context, context.CancelFunc, error) {
	timeout, err := duration(r, "timeout", 0)
	if err != nil || r.FormValue("timeout") == "" {
		return r.Context(), func() {}, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	return ctx, cancel, nil
}

// answerDone answers for a context that has ended; a client that has left does not get to read it.
func answerDone(w http.ResponseWriter, ctx context.Context) {
	status := http.StatusServiceUnavailable
	if ctx.Err() == context.DeadlineExceeded {
		status = http.StatusGatewayTimeout
	}
	http.Error(w, context.Cause(ctx).Error(), status)
}

var (
	address string // of the server
	calls   sync.WaitGroup
)

// serve starts the server.
func serve() *http.Server {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	address = listener.Addr().String()
	server := &http.Server{}
	go server.Serve(listener)
	return server
}

// send sends a request, and says what comes of it.
func send(name string, ctx context.Context, method, path, body string) {
	calls.Add(1)
	go func() {
		defer calls.Done()
		request, err := http.NewRequestWithContext(ctx, method, "http://"+address+path, strings.NewReader(body))
		if err != nil {
			say(`request "%s": %v`, name, err)
			return
		}
		response, err := http.DefaultClient.Do(request)
		switch {
		case ctx.Err() != nil && err != nil:
			say(`request "%s": %v`, name, ctx.Err())
		case err != nil:
			say(`request "%s": %v`, name, err)
		default:
			response.Body.Close()
			say(`request "%s": %d`, name, response.StatusCode)
		}
	}()
}
)",
            "context fmt net net/http strings sync time"};
}

} // namespace lab::go_parts
