// SPDX-License-Identifier: MIT

// Twins of tests/bench/timer.cpp: the rows have the same names.
package timer

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"
)

func Benchmark_with_timeout(b *testing.B) {
	for _, live := range []int{40, 4000, 400_000} {
		b.Run(fmt.Sprint(live), func(b *testing.B) {
			cancels := make([]context.CancelFunc, live)
			for i := range cancels {
				_, cancels[i] = context.WithTimeout(context.Background(), time.Hour)
			}
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				var ten [10]context.CancelFunc
				for pb.Next() {
					for i := range ten {
						_, ten[i] = context.WithTimeout(context.Background(), time.Hour)
					}
					for _, cancel := range ten {
						cancel()
					}
				}
			})
			b.StopTimer()
			for _, cancel := range cancels {
				cancel()
			}
		})
	}
}

func Benchmark_timers_firing(b *testing.B) {
	for _, n := range []int{100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			contexts := make([]context.Context, n)
			runtime.GC()
			var total time.Duration
			for i := 0; i < b.N; i++ {
				due := time.Now().Add(150 * time.Millisecond)
				for j := range contexts {
					contexts[j], _ = context.WithDeadline(context.Background(), due)
				}
				if !time.Now().Before(due) {
					b.Error("making the deadlines took too long")
				}
				for _, c := range contexts {
					<-c.Done()
				}
				total += time.Since(due)
			}
			b.ReportMetric(float64(total)/float64(b.N)/1e6, "ms")
		})
	}
}
