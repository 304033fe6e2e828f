// SPDX-License-Identifier: MIT

// Twins of tests/bench/channels.cpp: the rows have the same names.
package channels

import (
	"context"
	"testing"
)

func Benchmark_ping_pong(b *testing.B) {
	there, back := make(chan int), make(chan int)
	go func() {
		for v := range there {
			back <- v
		}
	}()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		there <- 1
		<-back
	}
	close(there)
}

func Benchmark_select_done(b *testing.B) {
	c, cancel := context.WithCancel(context.Background())
	defer cancel()
	values := make(chan int)
	go func() {
		for n := 0; ; n++ {
			select {
			case values <- n:
			case <-c.Done():
				return
			}
		}
	}()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		select {
		case <-values:
		case <-c.Done():
			b.Error("done")
		}
	}
}

func Benchmark_buffered(b *testing.B) {
	values := make(chan int, 16)
	for i := 0; i < b.N; i++ {
		values <- 1
		<-values
	}
}
