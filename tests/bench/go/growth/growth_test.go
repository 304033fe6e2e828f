// SPDX-License-Identifier: MIT

// Twins of tests/bench/growth.cpp: the rows have the same names.
package growth

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

type key int

func toAMillion(b *testing.B, f func(b *testing.B, n int)) {
	for n := 1; n <= 1_000_000; n *= 10 {
		b.Run(fmt.Sprint(n), func(b *testing.B) { f(b, n) })
	}
}

// perItem reports what one of n items took. measured does the work once, and tells how long it took.
func perItem(b *testing.B, measured func(n int) time.Duration) {
	toAMillion(b, func(b *testing.B, n int) {
		var total time.Duration
		for i := 0; i < b.N; i++ {
			total += measured(n)
		}
		b.ReportMetric(float64(total)/float64(b.N)/float64(n), "ns/item")
	})
}

func Benchmark_grow_create(b *testing.B) {
	perItem(b, func(n int) time.Duration {
		children := make([]context.Context, n)
		parent, cancel := context.WithCancel(context.Background())
		defer cancel()
		begin := time.Now()
		for i := range children {
			children[i], _ = context.WithCancel(parent)
		}
		return time.Since(begin)
	})
}

func Benchmark_grow_fan_out(b *testing.B) {
	perItem(b, func(n int) time.Duration {
		children := make([]context.Context, n)
		parent, cancel := context.WithCancel(context.Background())
		for i := range children {
			children[i], _ = context.WithCancel(parent)
		}
		begin := time.Now()
		cancel()
		return time.Since(begin)
	})
}

func Benchmark_grow_cancel(b *testing.B) {
	perItem(b, func(n int) time.Duration {
		nodes := make([]context.Context, n)
		root, cancel := context.WithCancel(context.Background())
		nodes[0] = root
		for i := 1; i < n; i++ {
			nodes[i], _ = context.WithCancel(nodes[(i-1)/10])
		}
		begin := time.Now()
		cancel()
		return time.Since(begin)
	})
}

func Benchmark_grow_value(b *testing.B) {
	toAMillion(b, func(b *testing.B, n int) {
		c := context.Background()
		for i := 0; i < n; i++ {
			c = context.WithValue(c, key(i), 1)
		}
		b.ResetTimer()
		for i := 0; i < b.N; i++ {
			if c.Value(key(-1)) != nil {
				b.Error("found what is not there")
			}
		}
	})
}

func Benchmark_grow_timers(b *testing.B) {
	toAMillion(b, func(b *testing.B, n int) {
		live := make([]context.CancelFunc, n)
		for i := range live {
			_, live[i] = context.WithTimeout(context.Background(), time.Hour+time.Duration(i)*time.Microsecond)
		}
		b.ResetTimer()
		for i := 0; i < b.N; i++ {
			_, cancel := context.WithTimeout(context.Background(), time.Hour)
			cancel()
		}
		b.StopTimer()
		for _, cancel := range live {
			cancel()
		}
	})
}

func Benchmark_grow_workers(b *testing.B) {
	perItem(b, func(n int) time.Duration {
		c, cancel := context.WithCancel(context.Background())
		var begun, left atomic.Int64
		left.Store(int64(n))
		all := make(chan struct{})
		for i := 0; i < n; i++ {
			go func() {
				begun.Add(1)
				<-c.Done()
				if left.Add(-1) == 0 {
					close(all)
				}
			}()
		}
		for begun.Load() != int64(n) {
			runtime.Gosched()
		}
		time.Sleep(time.Millisecond)
		begin := time.Now()
		cancel()
		<-all
		return time.Since(begin)
	})
}
