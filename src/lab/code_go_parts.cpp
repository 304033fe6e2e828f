// SPDX-License-Identifier: MIT
#include "lab/code_go_parts.h"

namespace lab::go_parts {

part common() {
    return {R"(
var began = time.Now()

// say prints a line, after the time.
func say(format string, args ...any) {
	fmt.Printf("[%6.3fs] %s\n", (speed * time.Since(began)).Seconds(), fmt.Sprintf(format, args...))
}
)",
            "fmt time"};
}

part at() {
    return {R"(
// at waits until so much time has gone by since the program began.
func at(t time.Duration) {
	time.Sleep(time.Until(began.Add(t)))
}
)",
            "time"};
}

part workers() {
    return {R"(
var workers sync.WaitGroup

// start runs a worker, and says why it exits.
func start(name string, work func() (string, error)) {
	workers.Add(1)
	go func() {
		defer workers.Done()
		did, err := work()
		switch {
		case err == nil:
			say(`worker "%s": %s`, name, did)
		case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
			say(`worker "%s": %v`, name, err)
		default:
			say(`worker "%s": failed: %v`, name, err)
		}
	}()
}
)",
            "context errors sync"};
}

part report() {
    return {R"(
// report says how a context ended, if it did, and why.
func report(name string, ctx context.Context) {
	switch err, cause := ctx.Err(), context.Cause(ctx); {
	case err == nil:
		say(`context "%s": active`, name)
	case err == cause:
		say(`context "%s": %v`, name, err)
	default:
		say(`context "%s": %v (cause: %v)`, name, err, cause)
	}
}
)",
            "context"};
}

part look_up() {
    return {R"(
// key is the type of all keys of values here.
type key string

// lookUp asks a context for a value.
func lookUp(name string, ctx context.Context, k key) {
	if v := ctx.Value(k); v != nil {
		say(`value "%s" of "%s": %v`, string(k), name, v)
	} else {
		say(`value "%s" of "%s": none`, string(k), name)
	}
}
)",
            "context"};
}

part registrations() {
    return {R"(
// registration is an AfterFunc of which one can tell what became of it.
type registration struct {
	ctx     context.Context
	take    func() bool
	stopped bool
	ran     chan struct{}
}

var registrations []*registration

func afterFunc(ctx context.Context, f func()) *registration {
	r := &registration{ctx: ctx, ran: make(chan struct{})}
	r.take = context.AfterFunc(ctx, func() {
		defer close(r.ran)
		f()
	})
	registrations = append(registrations, r)
	return r
}

func (r *registration) stop() {
	if r.take() {
		r.stopped = true
	}
}

// settle waits for the callbacks of what is done; one may end what another one waits for.
func settle() {
	for range registrations {
		for _, r := range registrations {
			if r.ctx.Err() != nil && !r.stopped {
				<-r.ran
			}
		}
	}
}

func (r *registration) report(name string) {
	switch {
	case r.stopped:
		say(`after_func "%s": stopped`, name)
	case r.ctx.Err() != nil:
		say(`after_func "%s": ran`, name)
	default:
		say(`after_func "%s": waits`, name)
	}
}
)",
            "context"};
}

part workers_that_may_stay() {
    return {R"(
var (
	workers sync.WaitGroup
	here    sync.Map // the names of those that have not exited
)

// start runs a worker, and says why it exits.
func start(name string, work func() (string, error)) {
	workers.Add(1)
	here.Store(name, true)
	go func() {
		defer workers.Done()
		did, err := work()
		here.Delete(name)
		switch {
		case err == nil:
			say(`worker "%s": %s`, name, did)
		case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
			say(`worker "%s": %v`, name, err)
		default:
			say(`worker "%s": failed: %v`, name, err)
		}
	}()
}

// waitUntil waits for the workers, but not for ever: some have a context that nobody ends.
func waitUntil(t time.Duration) {
	ended := make(chan struct{})
	go func() {
		workers.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(time.Until(began.Add(t))):
	}
}

func reportWorker(name string) {
	if _, stays := here.Load(name); stays {
		say(`worker "%s": still there`, name)
	}
}
)",
            "context errors sync time"};
}

} // namespace lab::go_parts
