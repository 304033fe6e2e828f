// SPDX-License-Identifier: MIT

// Twins of tests/bench/allocations.cpp: the rows have the same names.
package allocations

import (
	"context"
	"testing"
	"time"
)

type key int

const (
	number key = iota
	missing
)

const runs = 1000

// What the calls need, made beforehand.
var (
	open, _ = context.WithCancel(context.Background())
	done    = cancelled()
	bound   = context.WithValue(open, number, 7)
	cancels []context.CancelFunc
	stops   []func() bool
)

// Results go here, so that no call is left out.
var (
	answer   bool
	context1 context.Context
)

func cancelled() context.Context {
	c, cancel := context.WithCancel(context.Background())
	cancel()
	return c
}

func count(b *testing.B, f func()) {
	var n float64
	for i := 0; i < b.N; i++ {
		n = testing.AllocsPerRun(runs, f)
	}
	b.ReportMetric(n, "allocs")
}

func Benchmark_allocs_background(b *testing.B) {
	count(b, func() { context1 = context.Background() })
}
func Benchmark_allocs_with_cancel(b *testing.B) {
	count(b, func() { c, cancel := context.WithCancel(open); context1 = c; cancel() })
}
func Benchmark_allocs_with_timeout(b *testing.B) {
	count(b, func() { c, cancel := context.WithTimeout(open, time.Hour); context1 = c; cancel() })
}
func Benchmark_allocs_with_value(b *testing.B) {
	count(b, func() { context1 = context.WithValue(open, number, 7) })
}
func Benchmark_allocs_without_cancel(b *testing.B) {
	count(b, func() { context1 = context.WithoutCancel(open) })
}
func Benchmark_allocs_after_func(b *testing.B) {
	count(b, func() { answer = context.AfterFunc(open, func() {})() })
}
func Benchmark_allocs_stop(b *testing.B) {
	for i := 0; i < b.N; i++ {
		stops = stops[:0]
		for j := 0; j < runs+1; j++ {
			stops = append(stops, context.AfterFunc(open, func() {}))
		}
		next := 0
		n := testing.AllocsPerRun(runs, func() { answer = stops[next](); next++ })
		b.ReportMetric(n, "allocs")
	}
}
func Benchmark_allocs_err(b *testing.B) {
	count(b, func() { answer = open.Err() != nil || done.Err() != nil })
}
func Benchmark_allocs_cause(b *testing.B) {
	count(b, func() { answer = context.Cause(open) != nil || context.Cause(done) != nil })
}
func Benchmark_allocs_done(b *testing.B) {
	count(b, func() { answer = open.Done() != nil && done.Done() != nil })
}
func Benchmark_allocs_deadline(b *testing.B) {
	c, cancel := context.WithTimeout(open, time.Hour)
	defer cancel()
	count(b, func() { _, answer = c.Deadline() })
}
func Benchmark_allocs_value_hit(b *testing.B) {
	count(b, func() { answer = bound.Value(number) != nil })
}
func Benchmark_allocs_value_miss(b *testing.B) {
	count(b, func() { answer = bound.Value(missing) != nil })
}
func Benchmark_allocs_select(b *testing.B) {
	count(b, func() {
		select {
		case <-open.Done():
		case <-done.Done():
		}
	})
}
func Benchmark_allocs_select_default(b *testing.B) {
	count(b, func() {
		select {
		case <-open.Done():
		default:
		}
	})
}
func Benchmark_allocs_cancel(b *testing.B) {
	for i := 0; i < b.N; i++ {
		cancels = cancels[:0]
		for j := 0; j < runs+1; j++ {
			_, cancel := context.WithTimeout(open, time.Hour)
			cancels = append(cancels, cancel)
		}
		next := 0
		n := testing.AllocsPerRun(runs, func() { cancels[next](); next++ })
		b.ReportMetric(n, "allocs")
	}
}
