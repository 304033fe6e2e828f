// SPDX-License-Identifier: MIT
#include "lab/code_go_parts.h"

#include <algorithm>
#include <iterator>

namespace lab::go_parts {
namespace {

constexpr part wait{R"(
// wait does nothing until its context is done.
func wait(ctx context.Context) (string, error) {
	<-ctx.Done()
	return "", ctx.Err()
}
)",
                    "context"};

constexpr part poller{R"(
// poller looks at something again and again, until its context is done.
func poller(ctx context.Context, every time.Duration) (string, error) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			// here it would look
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}
)",
                      "context time"};

constexpr part work{R"(
// work takes its time, and gives up when its context is done.
func work(ctx context.Context, takes time.Duration) (string, error) {
	select {
	case <-time.After(takes):
		return "finished", nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
)",
                    "context time"};

constexpr part operation{R"(
// operation fails after a while, and cancels its context with the failure as the cause.
func operation(ctx context.Context, cancel context.CancelCauseFunc, takes time.Duration, fail string) (string, error) {
	select {
	case <-time.After(takes):
		err := errors.New(fail)
		cancel(err)
		return "", err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
)",
                         "context errors time"};

constexpr part stubborn{R"(
// stubborn never looks at a context: cancelling asks, it does not kill.
func stubborn(takes time.Duration) (string, error) {
	time.Sleep(takes)
	return "finished", nil
}
)",
                        "time"};

constexpr part cpu{R"(
// cpu computes, and asks for Err between two slices.
func cpu(ctx context.Context, takes, slice time.Duration) (string, error) {
	for left := takes; left > 0; left -= slice {
		for end := time.Now().Add(min(left, slice)); time.Now().Before(end); {
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
	}
	return "finished", nil
}
)",
                   "context time"};

constexpr part pause{R"(
// pause waits for so long, or less: false says that the context is done.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
)",
                     "context time"};

constexpr part producer{R"(
// producer sends numbers, and leaves when its context is done.
func producer(ctx context.Context, out chan<- int, count int, every time.Duration) (string, error) {
	for i := range count {
		select {
		case out <- i:
		case <-ctx.Done():
			return "", ctx.Err()
		}
		if !pause(ctx, every) {
			return "", ctx.Err()
		}
	}
	return fmt.Sprintf("sent %d", count), nil
}
)",
                        "context fmt time"};

constexpr part consumer{R"(
// consumer receives numbers, and leaves when its context is done.
func consumer(ctx context.Context, in <-chan int, count int, every time.Duration) (string, error) {
	for range count {
		select {
		case <-in:
		case <-ctx.Done():
			return "", ctx.Err()
		}
		if !pause(ctx, every) {
			return "", ctx.Err()
		}
	}
	return fmt.Sprintf("received %d", count), nil
}
)",
                        "context fmt time"};

constexpr part pipeline{R"(
// pipeline starts stages that are joined by channels; the first one sends so many numbers.
func pipeline(ctx context.Context, name string, stages, count int) {
	var in chan int
	for i := range stages {
		var out chan int // the last stage has none
		if i+1 < stages {
			out = make(chan int)
		}
		before := in
		start(fmt.Sprintf("%s stage %d", name, i+1), func() (string, error) {
			return stage(ctx, before, out, count)
		})
		in = out
	}
}

// stage hands on what comes in, and closes its output when it leaves, whatever the reason.
func stage(ctx context.Context, in <-chan int, out chan<- int, count int) (string, error) {
	if out != nil {
		defer close(out)
	}
	for handled := 0; ; handled++ {
		v, more := handled, handled < count
		if in != nil {
			select {
			case v, more = <-in:
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}
		if !more {
			return fmt.Sprintf("passed %d on", handled), nil
		}
		if out == nil {
			continue
		}
		select {
		case out <- v:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}
)",
                        "context fmt"};

constexpr part fanout{R"(
// fanout runs n workers at once, as an errgroup does: the first failure cancels the others.
func fanout(ctx context.Context, name string, n, failIndex int, takes, failAfter time.Duration) (string, error) {
	group, cancel := context.WithCancelCause(ctx)
	var members sync.WaitGroup
	for i := range n {
		members.Add(1)
		member := fmt.Sprintf("%s %d", name, i)
		start(member, func() (string, error) {
			defer members.Done()
			did, err := backend(group, member, i == failIndex, takes, failAfter)
			if err != nil {
				cancel(err)
			}
			return did, err
		})
	}
	members.Wait()
	first := context.Cause(group)
	cancel(nil)
	report(name+" group", group)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if first != nil {
		return "", first
	}
	return "finished", nil
}

// backend is one of the group.
func backend(ctx context.Context, name string, fails bool, takes, failAfter time.Duration) (string, error) {
	if fails {
		takes = failAfter
	}
	select {
	case <-time.After(takes):
		if fails {
			return "", errors.New(name + " failed")
		}
		return "finished", nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
)",
                      "context errors fmt sync time"};

struct named {
    std::string_view name;
    const part& what;
};

constexpr named all[] = {{"wait", wait},           {"poller", poller},     {"work", work},
                         {"operation", operation}, {"stubborn", stubborn}, {"cpu", cpu},
                         {"pause", pause},         {"producer", producer}, {"consumer", consumer},
                         {"pipeline", pipeline},   {"fanout", fanout}};

} // namespace

part worker(std::string_view kind) {
    const auto at =
        std::find_if(std::begin(all), std::end(all), [&](const named& n) { return n.name == kind; });
    return at == std::end(all) ? part{} : at->what;
}

} // namespace lab::go_parts
