// SPDX-License-Identifier: MIT

// Package custom has context types that the context package does not know.
package custom

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Canceler is a context that can be cancelled.
type Canceler interface{ Cancel(err error) }

// Registrar is a context with an AfterFunc method.
type Registrar interface {
	AfterFunc(f func()) func() bool
	Registered() int
}

type (
	Embed struct{ context.Context }
	Named struct {
		context.Context
		Name string
	}
	NilDone   struct{ context.Context }
	NoValue   struct{ context.Context }
	FreshDone struct{ context.Context }
)

func (n Named) String() string { return "Named(" + n.Name + ")" }

func (NilDone) Deadline() (time.Time, bool) { return time.Time{}, false }
func (NilDone) Done() <-chan struct{}       { return nil }
func (NilDone) Err() error                  { return nil }

func (NoValue) Value(any) any { return nil }

func (*FreshDone) Done() <-chan struct{} { return make(chan struct{}) }

// signal is a Done channel and an Err that belong together.
type signal struct {
	mu   sync.Mutex
	done chan struct{}
	err  error
}

func newSignal() signal { return signal{done: make(chan struct{})} }

func (s *signal) Done() <-chan struct{} { return s.done }

func (s *signal) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *signal) cancel(err error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return false
	}
	s.err = err
	close(s.done)
	return true
}

// Foreign stands on nothing.
type Foreign struct {
	signal
	at *time.Time
}

func NewForeign(at *time.Time) *Foreign { return &Foreign{newSignal(), at} }

func (f *Foreign) Deadline() (time.Time, bool) {
	if f.at == nil {
		return time.Time{}, false
	}
	return *f.at, true
}
func (*Foreign) Value(any) any      { return nil }
func (f *Foreign) Cancel(err error) { f.cancel(err) }

// OwnDone ignores its parent's cancellation.
type OwnDone struct {
	context.Context
	own signal
}

func NewOwnDone(parent context.Context) *OwnDone { return &OwnDone{parent, newSignal()} }

func (o *OwnDone) Done() <-chan struct{} { return o.own.Done() }
func (o *OwnDone) Err() error            { return o.own.Err() }
func (o *OwnDone) Cancel(err error)      { o.own.cancel(err) }

// Forward is done after its parent.
type Forward struct {
	context.Context
	own  signal
	stop func() bool
}

func NewForward(parent context.Context) *Forward {
	f := &Forward{Context: parent, own: newSignal()}
	f.stop = context.AfterFunc(parent, func() { f.own.cancel(parent.Err()) })
	return f
}

func (f *Forward) Done() <-chan struct{} { return f.own.Done() }
func (f *Forward) Err() error            { return f.own.Err() }
func (f *Forward) Cancel(err error) {
	f.own.cancel(err)
	f.stop()
}

// AfterFuncer runs callbacks itself.
type AfterFuncer struct {
	Foreign
	mu    sync.Mutex
	funcs map[*byte]func()
}

func NewAfterFuncer(at *time.Time) *AfterFuncer {
	return &AfterFuncer{Foreign: Foreign{newSignal(), at}, funcs: map[*byte]func(){}}
}

func (a *AfterFuncer) AfterFunc(f func()) func() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := new(byte)
	if a.Err() != nil {
		go f()
	} else {
		a.funcs[key] = f
	}
	return func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		_, there := a.funcs[key]
		delete(a.funcs, key)
		return there
	}
}

func (a *AfterFuncer) Cancel(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cancel(err)
	for key, f := range a.funcs {
		go f()
		delete(a.funcs, key)
	}
}

func (a *AfterFuncer) Registered() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.funcs)
}

// EmbedAfter hands registrations on to its parent.
type EmbedAfter struct {
	context.Context
	count atomic.Int64
}

func (e *EmbedAfter) AfterFunc(f func()) func() bool {
	e.count.Add(1)
	stop := context.AfterFunc(e.Context, func() {
		e.count.Add(-1)
		f()
	})
	return func() bool {
		stopped := stop()
		if stopped {
			e.count.Add(-1)
		}
		return stopped
	}
}

func (e *EmbedAfter) Registered() int { return int(e.count.Load()) }
