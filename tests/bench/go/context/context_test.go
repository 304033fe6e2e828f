// SPDX-License-Identifier: MIT

// Twins of tests/bench/context.cpp: the rows have the same names.
package context

import (
	"context"
	"runtime"
	"testing"
	"time"
)

type key int

const (
	name key = iota
	first
	second
	third
)

// each runs f in as many goroutines as there are processors.
func each(b *testing.B, f func()) {
	if runtime.GOMAXPROCS(0) == 1 {
		for i := 0; i < b.N; i++ {
			f()
		}
		return
	}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			f()
		}
	})
}

func Benchmark_common_parent(b *testing.B) {
	shared, stop := context.WithCancel(context.WithValue(context.Background(), name, "value"))
	defer stop()
	b.ResetTimer()
	each(b, func() {
		c, cancel := context.WithCancel(shared)
		if c.Value(name).(string) != "value" {
			b.Error("no value")
		}
		cancel()
	})
}

func Benchmark_create_child(b *testing.B) {
	parent, stop := context.WithCancel(context.Background())
	defer stop()
	b.ResetTimer()
	each(b, func() {
		_, cancel := context.WithCancel(parent)
		cancel()
	})
}

func Benchmark_create_root(b *testing.B) {
	each(b, func() {
		_, cancel := context.WithCancel(context.Background())
		cancel()
	})
}

func Benchmark_create_timeout(b *testing.B) {
	each(b, func() {
		_, cancel := context.WithTimeout(context.Background(), time.Hour)
		cancel()
	})
}

func Benchmark_request(b *testing.B) {
	server, stop := context.WithCancel(context.Background())
	defer stop()
	b.ResetTimer()
	each(b, func() {
		c, cancel := context.WithTimeout(server, time.Hour)
		c = context.WithValue(c, first, 1)
		c = context.WithValue(c, second, 2)
		c = context.WithValue(c, third, 3)
		if c.Err() != nil || c.Value(first) == nil {
			b.Error("done, or no value")
		}
		cancel()
	})
}

func Benchmark_after_func_stop(b *testing.B) {
	parent, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.ResetTimer()
	each(b, func() {
		stop := context.AfterFunc(parent, func() {})
		stop()
	})
}

// The loops of the checks stand in the rows themselves: a call through a function value would count.

func cancelled() context.Context {
	c, cancel := context.WithCancel(context.Background())
	cancel()
	return c
}

func checkErr(b *testing.B, c context.Context, done bool) {
	if runtime.GOMAXPROCS(0) == 1 {
		for i := 0; i < b.N; i++ {
			if (c.Err() != nil) != done {
				b.Error("err is wrong")
			}
		}
		return
	}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if (c.Err() != nil) != done {
				b.Error("err is wrong")
			}
		}
	})
}

func Benchmark_check_err(b *testing.B) {
	checkErr(b, cancelled(), true)
}

func Benchmark_check_err_open(b *testing.B) {
	c, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.ResetTimer()
	checkErr(b, c, false)
}

func checkDone(b *testing.B, c context.Context) {
	if runtime.GOMAXPROCS(0) == 1 {
		for i := 0; i < b.N; i++ {
			select {
			case <-c.Done():
			default:
			}
		}
		return
	}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			select {
			case <-c.Done():
			default:
			}
		}
	})
}

func Benchmark_check_done(b *testing.B) {
	checkDone(b, cancelled())
}

func Benchmark_check_done_open(b *testing.B) {
	c, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.ResetTimer()
	checkDone(b, c)
}
