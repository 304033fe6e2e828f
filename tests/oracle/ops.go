// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"ctxlab/oracle/custom"
)

// milliseconds saturates, where the multiplication alone would come out on the other side of time.
func milliseconds(n int64) time.Duration {
	const most = math.MaxInt64 / int64(time.Millisecond)
	switch {
	case n > most:
		return math.MaxInt64
	case n < -most:
		return math.MinInt64
	}
	return time.Duration(n) * time.Millisecond
}

func (s *script) find(id string) (*made, error) {
	if m := s.byID[id]; m != nil {
		return m, nil
	}
	return nil, fmt.Errorf("unknown id %q", id)
}

func (s *script) fresh(id string) error {
	if id == "" || s.byID[id] != nil || s.stops[id] != nil {
		return fmt.Errorf("%q is no new id", id)
	}
	return nil
}

func (s *script) add(m *made) {
	s.all = append(s.all, m)
	s.byID[m.id] = m
}

func (s *script) do(o op) (result string, err error) {
	switch o.Op {
	case "background", "todo", "withCancel", "withCancelCause", "withDeadline", "withDeadlineCause", "withTimeout",
		"withTimeoutCause", "withValue", "withoutCancel":
		return s.derive(o)
	case "custom":
		return s.custom(o)
	case "cancelConcurrent":
		return s.cancelConcurrent(o)
	case "afterFunc":
		return s.afterFunc(o)
	case "stop":
		stop := s.stops[o.ID]
		if stop == nil {
			return "", fmt.Errorf("unknown id")
		}
		return fmt.Sprint(stop()), nil
	case "advance":
		time.Sleep(milliseconds(o.Ms))
		return `"ok"`, nil
	case "watchers":
		return fmt.Sprint(watchers()), nil
	case "now":
		return fmt.Sprint(s.since(time.Now())), nil
	case "sameDone":
		a, err := s.find(o.A)
		if err != nil {
			return "", err
		}
		b, err := s.find(o.B)
		if err != nil {
			return "", err
		}
		return fmt.Sprint(a.ctx.Done() == b.ctx.Done()), nil
	}
	m, err := s.find(o.ID)
	if err != nil {
		return "", err
	}
	return s.ask(o, m)
}

// ask handles the ops about one context.
func (s *script) ask(o op, m *made) (string, error) {
	switch o.Op {
	case "cancel":
		if m.cancel == nil {
			return "", fmt.Errorf("cannot be cancelled")
		}
		reason := o.Cause
		if o.Err != nil {
			reason = o.Err
		}
		m.cancel(reason.err())
		return s.late(m), nil
	case "err":
		return shownError(m.ctx.Err()), nil
	case "cause":
		return shownError(context.Cause(m.ctx)), nil
	case "errIs":
		return shownMatches(m.ctx.Err()), nil
	case "causeIs":
		return shownMatches(context.Cause(m.ctx)), nil
	case "done":
		select {
		case <-m.ctx.Done():
			return `"closed"`, nil
		default:
		}
		if m.ctx.Done() == nil {
			return `"nil"`, nil
		}
		return `"open"`, nil
	case "deadline":
		if d, ok := m.ctx.Deadline(); ok {
			return fmt.Sprint(s.since(d)), nil
		}
		return "null", nil
	case "value":
		k, err := s.key(o)
		return shownValue(m.ctx.Value(k)), err
	case "string":
		return quote(s.name(m.ctx)), nil
	case "children":
		return children(m.ctx), nil
	case "registered":
		if r, ok := m.ctx.(custom.Registrar); ok {
			return fmt.Sprint(r.Registered()), nil
		}
		return "", fmt.Errorf("no AfterFunc method")
	}
	return "", fmt.Errorf("unknown op")
}

func (s *script) derive(o op) (result string, err error) {
	if err := s.fresh(o.ID); err != nil {
		return "", err
	}
	m := &made{id: o.ID, from: root}
	var parent context.Context
	if o.Parent != nil {
		if m.parent, err = s.find(*o.Parent); err != nil {
			return "", err
		}
		parent = m.parent.ctx
	}
	defer func() {
		if p := recover(); p != nil {
			result = fmt.Sprintf(`{"panic":%s}`, quote(fmt.Sprint(p)))
		}
	}()
	if err := s.construct(o, m, parent); err != nil {
		return "", err
	}
	result = `"open"`
	if m.ctx.Err() != nil {
		result = `"done"`
	}
	s.add(m)
	return result, nil
}

func (s *script) construct(o op, m *made, parent context.Context) error {
	plain := func(c context.Context, cancel context.CancelFunc) {
		m.ctx, m.from, m.cancel = c, node, func(error) { cancel() }
	}
	timeout, at := milliseconds(o.Ms), s.begin
	if o.At != nil {
		at = at.Add(milliseconds(*o.At))
	}
	switch o.Op {
	case "background":
		m.ctx = context.Background()
	case "todo":
		m.ctx = context.TODO()
	case "withCancel":
		plain(context.WithCancel(parent))
	case "withCancelCause":
		c, cancel := context.WithCancelCause(parent)
		m.ctx, m.from, m.cancel = c, node, cancel
	case "withDeadline":
		plain(context.WithDeadline(parent, at))
	case "withDeadlineCause":
		plain(context.WithDeadlineCause(parent, at, o.Cause.err()))
	case "withTimeout":
		plain(context.WithTimeout(parent, timeout))
	case "withTimeoutCause":
		plain(context.WithTimeoutCause(parent, timeout, o.Cause.err()))
	case "withValue":
		k, err := s.key(o)
		if err != nil {
			return err
		}
		v, err := value(o)
		if err != nil {
			return err
		}
		m.ctx, m.from = context.WithValue(parent, k, v), view
	case "withoutCancel":
		m.ctx, m.from = context.WithoutCancel(parent), detached
	}
	return nil
}

func (s *script) custom(o op) (result string, err error) {
	if err := s.fresh(o.ID); err != nil {
		return "", err
	}
	m := &made{id: o.ID}
	var parent context.Context
	if o.Kind != "foreign" && o.Kind != "afterFuncer" {
		if o.Parent == nil {
			return "", fmt.Errorf("no parent")
		}
		if m.parent, err = s.find(*o.Parent); err != nil {
			return "", err
		}
		parent = m.parent.ctx
	}
	var at *time.Time
	if o.At != nil {
		t := s.begin.Add(milliseconds(*o.At))
		at = &t
	}
	if m.ctx, m.from, err = newCustom(o, parent, at); err != nil {
		return "", err
	}
	if c, ok := m.ctx.(custom.Canceler); ok {
		m.cancel = func(err error) {
			if err == nil {
				err = context.Canceled
			}
			c.Cancel(err)
		}
	}
	s.add(m)
	return `"ok"`, nil
}

func (s *script) cancelConcurrent(o op) (string, error) {
	var them []*made
	for _, id := range o.IDs {
		m, err := s.find(id)
		if err != nil {
			return "", err
		}
		if m.cancel == nil {
			return "", fmt.Errorf("%s cannot be cancelled", id)
		}
		them = append(them, m)
	}
	var all sync.WaitGroup
	for _, m := range them {
		for range 2 {
			all.Go(func() { m.cancel(nil) })
		}
	}
	all.Wait()
	return s.late(them...), nil
}

func (s *script) afterFunc(o op) (string, error) {
	if err := s.fresh(o.ID); err != nil {
		return "", err
	}
	m, err := s.find(o.Ctx)
	if err != nil {
		return "", err
	}
	var also *made
	if o.Cancels != "" {
		if also, err = s.find(o.Cancels); err != nil {
			return "", err
		}
	}
	id := strings.Clone(o.ID)
	s.stops[id] = context.AfterFunc(m.ctx, func() {
		s.mu.Lock()
		s.ran = append(s.ran, id)
		s.mu.Unlock()
		if also != nil {
			also.cancel(nil)
		}
	})
	return `"ok"`, nil
}
